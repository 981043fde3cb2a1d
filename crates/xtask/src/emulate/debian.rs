//! Debian's packages, unpacked below the target directory: nothing is installed on the machine.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{failed, fresh};
use crate::command::{execute, need};
use crate::step::{Stop, Verdict};

const PACKAGES: &[&str] = &[
    // The emulator, and a display for it that needs no screen.
    "bochs",
    "bochs-term",
    // The system: a kernel without drivers for real hardware, one static program for the rest.
    "linux-image-cloud-amd64",
    "busybox-static",
    // The image that it starts from.
    "isolinux",
    "syslinux-common",
    "xorriso",
];

const LIBRARIES: &[&str] = &["lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu"];

/// A tree with [`PACKAGES`] and all that they depend on, down to the C library: a machine that has
/// some of them, or other versions, makes no difference.
pub(super) struct Debian {
    root: PathBuf,
}

impl Debian {
    /// The tree below a directory; it is fetched once.
    pub(super) fn below(directory: &Path) -> Result<Self, Stop> {
        let root = directory.join("debian");
        if !root.exists() {
            need("apt-get", "--version")?;
            need("dpkg", "--version")?;
            let fetched = directory.join("fetched");
            fetch(&fetched)?;
            let unpack = "for deb in archives/*.deb; do dpkg -x \"$deb\" root || exit; done";
            execute(
                Command::new("sh")
                    .args(["-c", unpack])
                    .current_dir(&fetched),
            )?;
            // Whoever sees the tree sees all of it.
            fs::rename(fetched.join("root"), &root).map_err(|error| failed(&root, &error))?;
            fs::remove_dir_all(&fetched).map_err(|error| failed(&fetched, &error))?;
        }
        Ok(Self { root })
    }

    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// A program of the tree, with the loader and the libraries that it was built for.
    pub(super) fn program(&self, path: &str) -> Command {
        let libraries: Vec<_> = LIBRARIES
            .iter()
            .map(|path| self.path(path).display().to_string())
            .collect();
        let mut command = Command::new(self.path("lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"));
        command.arg("--library-path").arg(libraries.join(":"));
        command.arg(self.path(path));
        command
    }

    pub(super) fn kernel(&self) -> io::Result<PathBuf> {
        let kernel = fs::read_dir(self.path("boot"))?
            .flatten()
            .find(|entry| entry.file_name().to_string_lossy().starts_with("vmlinuz-"));
        kernel
            .map(|entry| entry.path())
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no kernel in Debian's package"))
    }
}

/// Asks apt for the packages as if nothing were installed, with lists of its own: it needs no
/// rights and changes nothing outside the directory. A machine whose apt cannot, lacks them.
fn fetch(directory: &Path) -> Verdict {
    let lacking = |stop| match stop {
        Stop::Failed(why) | Stop::Lacking(why) => {
            Stop::Lacking(format!("Debian's {}: {why}", PACKAGES.join(", ")))
        }
    };
    let prepare = || -> io::Result<()> {
        fresh(directory)?;
        fs::create_dir_all(directory.join("lists/partial"))?;
        fs::create_dir_all(directory.join("archives/partial"))?;
        fs::write(directory.join("status"), "")
    };
    prepare().map_err(|error| failed(directory, &error))?;
    execute(apt(directory).arg("update")).map_err(lacking)?;
    execute(
        apt(directory)
            .args(["install", "--yes", "--download-only"])
            .arg("--no-install-recommends")
            .args(PACKAGES),
    )
    .map_err(lacking)
}

fn apt(directory: &Path) -> Command {
    let mut apt = Command::new("apt-get");
    apt.args(["-qq", "-o", "Debug::NoLocking=1"])
        .args(["-o", "Acquire::Languages=none"])
        .args(["-o", "APT::Architecture=amd64"])
        // Who downloads must be able to write here, which the user `_apt` need not be.
        .args(["-o", "APT::Sandbox::User=root"]);
    for (option, path) in [
        ("Dir::State::Lists", "lists"),
        ("Dir::State::status", "status"),
        ("Dir::Cache", ""),
    ] {
        let path = directory.join(path);
        apt.arg("-o").arg(format!("{option}={}", path.display()));
    }
    apt
}
