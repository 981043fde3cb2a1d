//! The vector kernels as they are compiled: their inner loops keep to the registers.
//!
//! A number that the compiler moves to the stack and back in the middle of a kernel costs more than
//! the multiplication that it makes room for, and nothing but time would tell.

use std::fs;

use crate::command::{cargo, execute, target_directory};
use crate::step::{Run, Stop, Verdict};

/// A kind of lanes, as its kernels are told apart.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Kind {
    /// What its inner loops consist of.
    multiplication: &'static str,
    register: &'static str,
    /// A stretch of code without a jump that has so many multiplications is an inner loop, a
    /// *tile*.
    tile: usize,
}

const KINDS: [Kind; 2] = [
    Kind {
        multiplication: "vpmadd52",
        register: "%zmm",
        tile: 100,
    },
    Kind {
        multiplication: "vpmuludq",
        register: "%ymm",
        tile: 20,
    },
];

/// How many vectors may go to the stack in a tile.
const STORES: usize = 0;

/// How many tiles there are at least for each kind: products, squares and reductions have two each.
const TILES: usize = 6;

/// What tells a kernel whose numbers stand across the lanes: it moves words from lane to lane so
/// often.
const ACROSS: (&str, usize) = ("valignq", 5);

/// Such a kernel has so many columns that some go to the stack, where there are ten vectors or
/// nearly: for so many multiplications one, at most. Where arrays do not become registers it is one
/// for two.
const MULTIPLICATIONS_OF_STORE: usize = 4;

/// How many of these kernels there are: four for each size of primes, two for each of moduli.
const KERNELS: usize = 4 * 3 + 2 * 5;

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
        judge(&text)?;
        judge_across(&text)
    });
}

fn judge(assembly: &str) -> Verdict {
    let functions = functions(assembly);
    let others = functions.iter().filter(|function| !is_across(function));
    let tiles: Vec<_> = others.flat_map(|function| tiles(function)).collect();
    for kind in KINDS {
        let name = format!("{} of {}", kind.multiplication, kind.register);
        let of_kind: Vec<_> = tiles.iter().filter(|tile| tile.kind == kind).collect();
        let spilt: Vec<_> = of_kind.iter().filter(|tile| tile.stores > STORES).collect();
        let most = of_kind.iter().map(|tile| tile.stores).max().unwrap_or(0);
        println!(
            "{} tiles with {name}: at most {most} stores to the stack",
            of_kind.len()
        );
        if of_kind.len() < TILES {
            return Err(Stop::Failed(format!(
                "{} tiles with {name} were found, and there are at least {TILES}",
                of_kind.len()
            )));
        }
        if let Some(tile) = spilt.first() {
            return Err(Stop::Failed(format!(
                "{} of {} tiles with {name} spill; one of {} multiplications stores {} vectors on the stack",
                spilt.len(),
                of_kind.len(),
                tile.multiplications,
                tile.stores
            )));
        }
    }
    Ok(())
}

/// The kernels of numbers across the lanes, which have no stretch without a jump that is a tile.
fn judge_across(assembly: &str) -> Verdict {
    let [across, _] = KINDS;
    let (mut kernels, mut most) = (0, (0, 1));
    for function in functions(assembly) {
        if !is_across(&function) {
            continue;
        }
        let multiplications = count(&function, across.multiplication);
        kernels += 1;
        let is_store = |line: &&&str| line.contains(across.register) && line.ends_with("(%rsp)");
        let stores = function.iter().filter(is_store).count();
        if stores * most.1 > most.0 * multiplications {
            most = (stores, multiplications);
        }
    }
    let (stores, multiplications) = most;
    println!(
        "{kernels} kernels across lanes: at most {stores} stores to the stack for {multiplications} multiplications"
    );
    if kernels != KERNELS {
        return Err(Stop::Failed(format!(
            "{kernels} kernels across lanes were found, and there are {KERNELS}"
        )));
    }
    if stores * MULTIPLICATIONS_OF_STORE > multiplications {
        return Err(Stop::Failed(format!(
            "a kernel across lanes stores {stores} vectors on the stack, for {multiplications} multiplications"
        )));
    }
    Ok(())
}

/// Whether a function is one of these kernels.
fn is_across(function: &[&str]) -> bool {
    let [across, _] = KINDS;
    let (moves, least) = ACROSS;
    count(function, across.multiplication) >= across.tile && count(function, moves) >= least
}

/// How many instructions of this name a function has that work on 512 bits.
fn count(function: &[&str], name: &str) -> usize {
    let [across, _] = KINDS;
    let is_one = |line: &&&str| line.starts_with(name) && line.contains(across.register);
    function.iter().filter(is_one).count()
}

/// The lines of each function of a program, without white space before them.
fn functions(assembly: &str) -> Vec<Vec<&str>> {
    let mut functions = Vec::new();
    for line in assembly.lines() {
        let is_label = line.ends_with(':') && !line.starts_with(['.', '\t', ' ']);
        if is_label {
            functions.push(Vec::new());
        } else if let Some(function) = functions.last_mut() {
            function.push(line.trim_start());
        }
    }
    functions
}

#[derive(Debug, PartialEq)]
struct Tile {
    kind: Kind,
    multiplications: usize,
    stores: usize,
}

/// The tiles of a function in the syntax of AT&T: `operation source, destination`.
fn tiles(function: &[&str]) -> Vec<Tile> {
    let mut tiles = Vec::new();
    let mut block = Vec::new();
    for line in function {
        // A label or a jump ends a stretch.
        let ends = line.ends_with(':') || line.starts_with('j');
        if ends {
            tiles.extend(tile(&block));
            block.clear();
        } else {
            block.push(*line);
        }
    }
    tiles.extend(tile(&block));
    tiles
}

fn tile(block: &[&str]) -> Option<Tile> {
    KINDS.into_iter().find_map(|kind| {
        let is_multiplication =
            |line: &&&str| line.starts_with(kind.multiplication) && line.contains(kind.register);
        let multiplications = block.iter().filter(is_multiplication).count();
        // The compiler keeps no frame pointer: %rbp points to numbers like any other register.
        let is_store = |line: &&&str| line.contains(kind.register) && line.ends_with("(%rsp)");
        (multiplications >= kind.tile).then(|| Tile {
            kind,
            multiplications,
            stores: block.iter().filter(is_store).count(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kernel(kind: Kind, stores: usize) -> String {
        let Kind {
            multiplication,
            register,
            tile,
        } = kind;
        let multiplication = format!("\t{multiplication}\t64(%rsp), {register}1, {register}2\n");
        let store = format!("\tvmovdqa64\t{register}3, 128(%rsp)\n");
        let load = format!("\tvmovdqa64\t128(%rsp), {register}3\n");
        let block = multiplication.repeat(tile) + &store.repeat(stores) + &load;
        format!("kernel:\n{store}\tjne\t.L1\n{block}\tjmp\tkernel\n.L1:\n{store}{store}\tretq\n")
    }

    fn program(stores: usize) -> String {
        let all = |stores| KINDS.map(|kind| kernel(kind, stores)).concat();
        all(0).repeat(TILES - 1) + &all(stores)
    }

    #[test]
    fn what_is_stored_in_a_tile_is_counted_and_nothing_else() {
        for (kind, stores) in KINDS.into_iter().zip([3, 2]) {
            let tile = Tile {
                kind,
                multiplications: kind.tile,
                stores,
            };
            assert_eq!(tiles(&functions(&kernel(kind, stores))[0]), [tile]);
        }
        assert_eq!(tiles(&["vpmadd52luq\t%zmm0, %zmm1, %zmm2", "retq"]), []);
    }

    #[test]
    fn spills_and_missing_tiles_fail() {
        assert_eq!(judge(&program(STORES)), Ok(()));
        assert!(judge(&program(STORES + 1)).is_err());
        assert!(judge(&program(0).replace("%zmm", "%xmm")).is_err());
        assert!(judge(&program(0).replace("vpmuludq", "vpmuldq")).is_err());
        assert!(judge("").is_err());
    }

    /// A kernel across lanes, of two blocks.
    fn across(stores: usize) -> String {
        let multiplication = "\tvpmadd52luq\t64(%rsp), %zmm1, %zmm2\n".repeat(60);
        let moves = "\tvalignq\t$1, %zmm1, %zmm2, %zmm2\n".repeat(5);
        let store = "\tvmovdqa64\t%zmm3, 128(%rsp)\n".repeat(stores);
        format!("_ZN1:\n{multiplication}{moves}\tjne\t.L1\n.L1:\n{multiplication}{store}\tretq\n")
    }

    #[test]
    fn arrays_on_the_stack_and_missing_kernels_fail_across_lanes() {
        let program = |stores| across(0).repeat(KERNELS - 1) + &across(stores);
        assert_eq!(judge_across(&program(30)), Ok(()));
        assert!(judge_across(&program(31)).is_err());
        assert!(judge_across(&across(0).repeat(KERNELS - 1)).is_err());
        assert!(judge_across(&program(0).replace("valignq", "vpaddq")).is_err());
    }
}
