//! The vector kernels as they are compiled: their inner loops keep to the registers.
//!
//! A number that the compiler moves to the stack and back in the middle of a kernel costs more than the
//! multiplication that it makes room for, and nothing but time would tell.

use std::fs;

use crate::command::{cargo, execute, target_directory};
use crate::step::{Run, Stop, Verdict};

/// What the inner loops consist of.
const MULTIPLY_ADD: &str = "vpmadd52";

/// A stretch of code without a jump that has so many multiply-adds is an inner loop, a *tile*.
const TILE: usize = 100;

/// What of a vector may go to the stack in a tile: the carry from one block of a quotient to the next.
const STORES: usize = 1;

/// The registers of each kind of lanes, by which their tiles are told apart.
const REGISTERS: [&str; 2] = ["%zmm", "%ymm"];

/// How many tiles there are at least for each kind: products, squares and reductions have two each.
const TILES: usize = 6;

/// The step.
pub(crate) fn step(run: &mut Run) {
    run.step("registers of the vector kernels", || {
        if cfg!(not(target_arch = "x86_64")) {
            return Err(Stop::Lacking("this is no x86-64".to_owned()));
        }
        let path = target_directory().join("assembly/flowseal_rsa.s");
        let line = "rustc --release --locked -p flowseal-rsa --lib -- -C codegen-units=1";
        let mut cargo = cargo(line);
        cargo.arg(format!("--emit=asm={}", path.display()));
        // What cargo finds up to date it does not write again.
        cargo.env("CARGO_TARGET_DIR", target_directory().join("assembly"));
        execute(&mut cargo)?;
        let text = fs::read_to_string(&path)
            .map_err(|error| Stop::Failed(format!("{}: {error}", path.display())))?;
        judge(&text)
    });
}

fn judge(assembly: &str) -> Verdict {
    let tiles = tiles(assembly);
    for register in REGISTERS {
        let of_kind: Vec<_> = tiles
            .iter()
            .filter(|tile| tile.register == register)
            .collect();
        let spilt: Vec<_> = of_kind.iter().filter(|tile| tile.stores > STORES).collect();
        let most = of_kind.iter().map(|tile| tile.stores).max().unwrap_or(0);
        println!(
            "{} tiles in {register}: at most {most} stores to the stack",
            of_kind.len()
        );
        if of_kind.len() < TILES {
            return Err(Stop::Failed(format!(
                "{} tiles in {register} were found, and there are at least {TILES}",
                of_kind.len()
            )));
        }
        if let Some(tile) = spilt.first() {
            return Err(Stop::Failed(format!(
                "{} of {} tiles in {register} spill; one with {} multiply-adds stores {} vectors on the stack",
                spilt.len(),
                of_kind.len(),
                tile.multiply_adds,
                tile.stores
            )));
        }
    }
    Ok(())
}

#[derive(Debug, PartialEq)]
struct Tile {
    register: &'static str,
    multiply_adds: usize,
    stores: usize,
}

/// The tiles of a program in the syntax of AT&T: `operation source, destination`.
fn tiles(assembly: &str) -> Vec<Tile> {
    let mut tiles = Vec::new();
    let mut block = Vec::new();
    for line in assembly.lines() {
        // A label or a jump ends a stretch.
        let ends = line.ends_with(':') || line.trim_start().starts_with('j');
        if ends {
            tiles.extend(tile(&block));
            block.clear();
        } else {
            block.push(line.trim_start());
        }
    }
    tiles.extend(tile(&block));
    tiles
}

fn tile(block: &[&str]) -> Option<Tile> {
    let multiply_adds: Vec<_> = block
        .iter()
        .filter(|line| line.starts_with(MULTIPLY_ADD))
        .collect();
    let register = REGISTERS
        .into_iter()
        .find(|register| multiply_adds.iter().any(|line| line.contains(register)))?;
    // The compiler keeps no frame pointer: %rbp points to numbers like any other register.
    let is_store = |line: &&&str| line.contains(register) && line.ends_with("(%rsp)");
    (multiply_adds.len() >= TILE).then(|| Tile {
        register,
        multiply_adds: multiply_adds.len(),
        stores: block.iter().filter(is_store).count(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kernel(register: &str, stores: usize) -> String {
        let multiply_add = format!("\tvpmadd52luq\t64(%rsp), {register}1, {register}2\n");
        let store = format!("\tvmovdqa64\t{register}3, 128(%rsp)\n");
        let load = format!("\tvmovdqa64\t128(%rsp), {register}3\n");
        let block = multiply_add.repeat(TILE) + &store.repeat(stores) + &load;
        format!("kernel:\n{store}\tjne\t.L1\n{block}\tjmp\tkernel\n.L1:\n{store}{store}\tretq\n")
    }

    fn program(stores: usize) -> String {
        let both = |stores| kernel("%zmm", stores) + &kernel("%ymm", stores);
        both(0).repeat(TILES - 1) + &both(stores)
    }

    #[test]
    fn what_is_stored_in_a_tile_is_counted_and_nothing_else() {
        let tile = |register, stores| Tile {
            register,
            multiply_adds: TILE,
            stores,
        };
        assert_eq!(tiles(&kernel("%zmm", 3)), [tile("%zmm", 3)]);
        assert_eq!(tiles(&kernel("%ymm", 0)), [tile("%ymm", 0)]);
        assert_eq!(
            tiles("f:\n\tvpmadd52luq\t%zmm0, %zmm1, %zmm2\n\tretq\n"),
            []
        );
    }

    #[test]
    fn spills_and_missing_tiles_fail() {
        assert_eq!(judge(&program(STORES)), Ok(()));
        assert!(judge(&program(STORES + 1)).is_err());
        assert!(judge(&program(0).replace("%zmm", "%xmm")).is_err());
        assert!(judge("").is_err());
    }
}
