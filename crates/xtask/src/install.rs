//! `cargo xtask install --prefix DIR`: the C library where compilers, pkg-config and CMake find it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{cargo, execute, has, target_directory};
use crate::step::{Run, Stop, Verdict};

/// The release of the C library, which is that of the workspace.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The part of the version for which the ABI holds.
const ABI: &str = concat!(
    env!("CARGO_PKG_VERSION_MAJOR"),
    ".",
    env!("CARGO_PKG_VERSION_MINOR")
);

/// What a linker must add to the static library, as `rustc --print native-static-libs` says.
const STATIC_NEEDS: &str = "-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc";

/// The step.
pub(crate) fn step(run: &mut Run, prefix: &Path) {
    run.step("the C library is installed", || into(prefix));
}

/// Builds and installs all of it.
pub(crate) fn into(prefix: &Path) -> Verdict {
    execute(&mut cargo("build --release --locked -p flowseal-ffi"))?;
    let shared = place(prefix).map_err(|error| Stop::Failed(error.to_string()))?;
    // It works as it is built, and is twice as long.
    if !has("strip", "--version") {
        println!("strip is not on this machine: the library keeps its symbols");
        return Ok(());
    }
    execute(Command::new("strip").arg("--strip-unneeded").arg(shared))
}

/// Where the shared library is.
pub(crate) fn shared(prefix: &Path) -> PathBuf {
    prefix.join("lib").join(format!("libflowseal.so.{VERSION}"))
}

fn place(prefix: &Path) -> io::Result<PathBuf> {
    let (lib, include) = (prefix.join("lib"), prefix.join("include"));
    let (pkgconfig, cmake) = (lib.join("pkgconfig"), lib.join("cmake/flowseal"));
    for directory in [&lib, &include, &pkgconfig, &cmake] {
        fs::create_dir_all(directory)?;
    }

    let built = target_directory().join("release");
    let shared = shared(prefix);
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

    fs::write(pkgconfig.join("flowseal.pc"), pkg_config())?;
    fs::write(cmake.join("flowsealConfig.cmake"), cmake_config())?;
    fs::write(cmake.join("flowsealConfigVersion.cmake"), cmake_version())?;
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

/// The prefix is found from where the file is, so that the whole can be moved.
fn pkg_config() -> String {
    format!(
        "prefix=${{pcfiledir}}/../..\n\
         includedir=${{prefix}}/include\n\
         libdir=${{prefix}}/lib\n\
         \n\
         Name: flowseal\n\
         Description: Verify and open the flows of the pasby e-ID\n\
         Version: {VERSION}\n\
         Cflags: -I${{includedir}}\n\
         Libs: -L${{libdir}} -lflowseal\n\
         Libs.private: {STATIC_NEEDS}\n"
    )
}

fn cmake_config() -> String {
    format!(
        "get_filename_component(_flowseal_prefix \"${{CMAKE_CURRENT_LIST_DIR}}/../../..\" ABSOLUTE)\n\
         if(NOT TARGET flowseal::flowseal)\n\
         \x20 add_library(flowseal::flowseal SHARED IMPORTED)\n\
         \x20 set_target_properties(flowseal::flowseal PROPERTIES\n\
         \x20   IMPORTED_LOCATION \"${{_flowseal_prefix}}/lib/libflowseal.so.{VERSION}\"\n\
         \x20   IMPORTED_SONAME \"libflowseal.so.{ABI}\"\n\
         \x20   INTERFACE_INCLUDE_DIRECTORIES \"${{_flowseal_prefix}}/include\")\n\
         endif()\n\
         unset(_flowseal_prefix)\n"
    )
}

/// Before 1.0 each minor release may change the ABI.
fn cmake_version() -> String {
    format!(
        "set(PACKAGE_VERSION \"{VERSION}\")\n\
         if(PACKAGE_FIND_VERSION VERSION_GREATER PACKAGE_VERSION\n\
         \x20  OR PACKAGE_FIND_VERSION VERSION_LESS \"{ABI}\")\n\
         \x20 set(PACKAGE_VERSION_COMPATIBLE FALSE)\n\
         else()\n\
         \x20 set(PACKAGE_VERSION_COMPATIBLE TRUE)\n\
         \x20 if(PACKAGE_FIND_VERSION VERSION_EQUAL PACKAGE_VERSION)\n\
         \x20   set(PACKAGE_VERSION_EXACT TRUE)\n\
         \x20 endif()\n\
         endif()\n"
    )
}
