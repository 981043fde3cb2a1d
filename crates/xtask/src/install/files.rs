//! What pkg-config and CMake read. The prefix is found from where the file is, so that the whole
//! can be moved.

use super::{ABI, Installation, VERSION};

/// What a linker must add to the static library, as `rustc --print native-static-libs` says.
const STATIC_NEEDS: [&str; 7] = ["gcc_s", "util", "rt", "pthread", "m", "dl", "c"];

/// The shared library. `-static` takes the other, and what it needs by `--static`.
pub(super) fn pkg_config(what: &Installation) -> String {
    format!(
        "{}Libs: -L${{libdir}} -lflowseal\n\
         Libs.private: {}\n",
        head(what, "flowseal"),
        needs("-l")
    )
}

/// The static library in a program that is linked to others as usual: no flag of pkg-config's can
/// say that one library is to be static and the rest is not.
pub(super) fn pkg_config_static(what: &Installation) -> String {
    format!(
        "{}Libs: ${{libdir}}/libflowseal.a {}\n",
        head(what, "flowseal-static"),
        needs("-l")
    )
}

fn head(what: &Installation, name: &str) -> String {
    // This file is in `pkgconfig`, below the libraries.
    let up = "/..".repeat(what.depth() + 1);
    format!(
        "prefix=${{pcfiledir}}{up}\n\
         includedir=${{prefix}}/include\n\
         libdir=${{prefix}}/{}\n\
         \n\
         Name: {name}\n\
         Description: Verify and open the flows of the pasby e-ID\n\
         Version: {VERSION}\n\
         License: MIT OR Apache-2.0\n\
         Cflags: -I${{includedir}}{}\n",
        what.libdir.display(),
        if what.pkcs11 {
            " -DFLOWSEAL_PKCS11"
        } else {
            ""
        },
    )
}

fn needs(before: &str) -> String {
    STATIC_NEEDS.map(|name| format!("{before}{name}")).join(" ")
}

/// A target for each library.
pub(super) fn cmake(what: &Installation) -> String {
    let up = "/..".repeat(what.depth() + 2);
    let lib = format!("${{_flowseal_prefix}}/{}", what.libdir.display());
    let mut include = "INTERFACE_INCLUDE_DIRECTORIES \"${_flowseal_prefix}/include\"".to_owned();
    if what.pkcs11 {
        include.push_str(" INTERFACE_COMPILE_DEFINITIONS FLOWSEAL_PKCS11");
    }
    let needs = needs("").replace(' ', ";");
    format!(
        "get_filename_component(_flowseal_prefix \"${{CMAKE_CURRENT_LIST_DIR}}{up}\" ABSOLUTE)\n\
         if(NOT TARGET flowseal::flowseal)\n\
         \x20 add_library(flowseal::flowseal SHARED IMPORTED)\n\
         \x20 set_target_properties(flowseal::flowseal PROPERTIES\n\
         \x20   IMPORTED_LOCATION \"{lib}/libflowseal.so.{VERSION}\"\n\
         \x20   IMPORTED_SONAME \"libflowseal.so.{ABI}\"\n\
         \x20   {include})\n\
         endif()\n\
         if(NOT TARGET flowseal::static)\n\
         \x20 add_library(flowseal::static STATIC IMPORTED)\n\
         \x20 set_target_properties(flowseal::static PROPERTIES\n\
         \x20   IMPORTED_LOCATION \"{lib}/libflowseal.a\"\n\
         \x20   INTERFACE_LINK_LIBRARIES \"{needs}\"\n\
         \x20   {include})\n\
         endif()\n\
         unset(_flowseal_prefix)\n"
    )
}

/// Before 1.0 each minor release may change the ABI.
pub(super) fn cmake_version() -> String {
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
