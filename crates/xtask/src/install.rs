//! `cargo xtask install`: the C library where compilers, pkg-config and CMake find it.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use crate::command::{cargo, execute, has, target_directory};
use crate::step::{Run, Stop, Verdict};

mod archive;
mod files;
mod notices;

/// The release of the C library, which is that of the workspace.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The part of the version for which the ABI holds.
const ABI: &str = concat!(
    env!("CARGO_PKG_VERSION_MAJOR"),
    ".",
    env!("CARGO_PKG_VERSION_MINOR")
);

/// What is installed, and where.
pub(crate) struct Installation {
    prefix: PathBuf,
    /// Below the prefix: `lib`, or what a distribution has in its place.
    libdir: PathBuf,
    command: bool,
    /// With keys of tokens.
    pkcs11: bool,
    /// The machine that it is for, where that is another.
    target: Option<String>,
}

impl Installation {
    /// The libraries and the headers, for this machine.
    pub(crate) fn of_libraries(prefix: &Path) -> Self {
        Self {
            prefix: prefix.to_owned(),
            libdir: PathBuf::from("lib"),
            command: false,
            pkcs11: false,
            target: None,
        }
    }

    /// What the words of a command line ask for.
    pub(crate) fn parse(words: &[&str], here: &Path) -> Option<Self> {
        let mut prefix = None;
        let mut this = Self::of_libraries(Path::new(""));
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--prefix" => prefix = Some(here.join(words.next()?)),
                "--libdir" => this.libdir = PathBuf::from(words.next()?),
                "--target" => this.target = Some((*words.next()?).to_owned()),
                "--command" => this.command = true,
                "--pkcs11" => this.pkcs11 = true,
                _ => return None,
            }
        }
        this.prefix = prefix?;
        // pkg-config and CMake find the prefix from where their files are.
        let is_plain = |part| matches!(part, Component::Normal(_));
        let below = this.libdir.components().all(is_plain);
        (below && this.depth() > 0).then_some(this)
    }

    /// Where the libraries are.
    fn lib(&self) -> PathBuf {
        self.prefix.join(&self.libdir)
    }

    /// By how many directories they are below the prefix.
    fn depth(&self) -> usize {
        self.libdir.components().count()
    }

    /// Where cargo has put what it has built.
    fn built(&self) -> PathBuf {
        let target = self.target.as_deref().unwrap_or_default();
        target_directory().join(target).join("release")
    }

    /// A program of the binutils, for the machine that it is for.
    fn tool(&self, name: &str) -> String {
        match &self.target {
            None => name.to_owned(),
            Some(target) => format!("{}-{name}", target.replace("-unknown-", "-")),
        }
    }

    fn build(&self, package: &str) -> Verdict {
        let mut build = cargo(&format!("build --release --locked -p {package}"));
        if package == "flowseal-cli" {
            build.args(["--features", "columns"]);
        } else if self.pkcs11 {
            build.args(["--features", "pkcs11"]);
        }
        if let Some(target) = &self.target {
            build.args(["--target", target]);
        }
        execute(&mut build)
    }
}

/// The step.
pub(crate) fn step(run: &mut Run, what: &Installation) {
    run.step("the C library is installed", || install(what));
}

/// Builds and installs the libraries and the headers.
pub(crate) fn into(prefix: &Path) -> Verdict {
    install(&Installation::of_libraries(prefix))
}

/// Where the shared library is.
pub(crate) fn shared(prefix: &Path) -> PathBuf {
    prefix.join("lib").join(format!("libflowseal.so.{VERSION}"))
}

/// Where the static one is.
pub(crate) fn archive(prefix: &Path) -> PathBuf {
    prefix.join("lib/libflowseal.a")
}

/// Builds and installs all of it.
pub(crate) fn install(what: &Installation) -> Verdict {
    what.build("flowseal-ffi")?;
    let failed = |error: io::Error| Stop::Failed(error.to_string());
    let shared = place(what).map_err(failed)?;
    if what.command {
        what.build("flowseal-cli")?;
        let bin = what.prefix.join("bin");
        fs::create_dir_all(&bin).map_err(failed)?;
        fs::copy(what.built().join("flowseal"), bin.join("flowseal")).map_err(failed)?;
    }
    notices::write(what)?;
    archive::keep_own_symbols(what)?;
    // It works as it is built, and is twice as long.
    let strip = what.tool("strip");
    if !has(&strip, "--version") {
        println!("{strip} is not on this machine: the library keeps its symbols");
        return Ok(());
    }
    execute(Command::new(strip).arg("--strip-unneeded").arg(shared))
}

fn place(what: &Installation) -> io::Result<PathBuf> {
    let (lib, include) = (what.lib(), what.prefix.join("include"));
    let (pkgconfig, cmake) = (lib.join("pkgconfig"), lib.join("cmake/flowseal"));
    for directory in [&lib, &include, &pkgconfig, &cmake] {
        fs::create_dir_all(directory)?;
    }

    let built = what.built();
    let shared = lib.join(format!("libflowseal.so.{VERSION}"));
    fs::copy(built.join("libflowseal_ffi.so"), &shared)?;
    fs::copy(built.join("libflowseal_ffi.a"), lib.join("libflowseal.a"))?;
    link(
        &format!("libflowseal.so.{VERSION}"),
        &lib.join(format!("libflowseal.so.{ABI}")),
    )?;
    link(
        &format!("libflowseal.so.{ABI}"),
        &lib.join("libflowseal.so"),
    )?;
    for header in ["flowseal.h", "flowseal.hpp"] {
        fs::copy(Path::new("include").join(header), include.join(header))?;
    }

    fs::write(pkgconfig.join("flowseal.pc"), files::pkg_config(what))?;
    fs::write(
        pkgconfig.join("flowseal-static.pc"),
        files::pkg_config_static(what),
    )?;
    fs::write(cmake.join("flowsealConfig.cmake"), files::cmake(what))?;
    fs::write(
        cmake.join("flowsealConfigVersion.cmake"),
        files::cmake_version(),
    )?;
    Ok(shared)
}

#[cfg(unix)]
fn link(to: &str, name: &Path) -> io::Result<()> {
    // An older release may have left its own.
    let _ = fs::remove_file(name);
    std::os::unix::fs::symlink(to, name)
}

#[cfg(not(unix))]
fn link(_to: &str, _name: &Path) -> io::Result<()> {
    Err(io::Error::other("libraries are installed on Unix alone"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Option<Installation> {
        let words: Vec<_> = line.split_whitespace().collect();
        Installation::parse(&words, Path::new("/here"))
    }

    #[test]
    fn a_prefix_counts_from_where_the_caller_stands_and_libraries_are_below_it() {
        let what = parsed("--libdir lib/x86_64-linux-gnu --prefix there").unwrap();
        assert_eq!(what.lib(), Path::new("/here/there/lib/x86_64-linux-gnu"));
        assert_eq!(what.depth(), 2);
        assert!(files::pkg_config(&what).contains("prefix=${pcfiledir}/../../..\n"));
        assert!(files::cmake(&what).contains("CMAKE_CURRENT_LIST_DIR}/../../../..\""));
        let with_tokens = parsed("--prefix there --pkcs11").unwrap();
        for (what, count) in [(what, 0), (with_tokens, 3)] {
            let files = [files::pkg_config(&what), files::cmake(&what)].join("");
            assert_eq!(files.matches("FLOWSEAL_PKCS11").count(), count);
        }
        for line in [
            "",
            "--prefix",
            "--prefix x --libdir /usr/lib",
            "--prefix x --libdir ../lib",
            "--prefix x y",
        ] {
            assert!(parsed(line).is_none(), "{line}");
        }
    }
}
