//! The emulated machine: an image that runs the tests, and what it says over its serial line.

use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::debian::Debian;
use super::{failed, fresh};
use crate::command::execute;
use crate::step::Stop;

/// A guest that hangs must end. All tests take a fraction of it.
const LIMIT: Duration = Duration::from_secs(6 * 60 * 60);

/// An emulated processor is a hundred times slower: fewer cases, and none for the unit that
/// computes on this machine what it computes there.
const FEWER: [(&str, &str); 3] = [
    ("FLOWSEAL_DIFFERENTIAL", "1/200"),
    ("FLOWSEAL_WITHOUT", "portable"),
    ("PROPTEST_CASES", "8"),
];

/// How the guest's first line starts, and the last one whole.
pub(super) const START: &str = "guest: processor ";
pub(super) const END: &str = "guest: end";

/// The guest's only script. It says what the processor has, how each test ended, and the end.
const INIT: &str = r#"/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t devtmpfs dev /dev
exec > /dev/ttyS0 2>&1 < /dev/null
echo "guest: processor $(/bin/busybox sed -n 's/^flags.*: //p' /proc/cpuinfo)"
# given
for test in /tests/*; do
    "$test" "$@"
    echo "guest: ${test#/tests/} exit $?"
done
echo "guest: end"
/bin/busybox sleep 1000000
"#;

/// Linux switches AVX-512 off unless the sizes of all state add up, and Bochs 2.7 gives wrong ones
/// for XSAVEC (321), XSAVES (323) and PKU (515). It has FSRM (580) without ERMS, and Linux 6.1 then
/// moves less than 32 bytes wrongly. So Linux does without these four.
const KERNEL_LINE: &str = "console=ttyS0 quiet loglevel=3 panic=-1 clearcpuid=321,323,515,580 \
                           mitigations=off nokaslr tsc=reliable random.trust_cpu=on \
                           rdinit=/bin/busybox -- sh /init.sh";

const PLUGINS: &str = "usr/lib/x86_64-linux-gnu/bochs/plugins";

/// Runs the tests that stand in `system`/tests and returns what the guest says. The image and the
/// machine's files are written beside `system`.
pub(super) fn boot(
    debian: &Debian,
    system: &Path,
    arguments: &[&str],
) -> Result<Vec<String>, Stop> {
    let is_for_tests = |name: &str| {
        name.starts_with("FLOWSEAL_") || name == "PROPTEST_CASES" || name == "RUST_BACKTRACE"
    };
    let fewer = FEWER.map(|(name, value)| (name.to_owned(), value.to_owned()));
    // What is given comes after the defaults, and wins.
    let given = std::env::vars().filter(|(name, _)| is_for_tests(name));
    let variables: Vec<_> = fewer.into_iter().chain(given).collect();
    let directory = system.with_file_name("machine");
    let lay_out = || {
        system_around_tests(debian, system, &init(&variables, arguments))?;
        image_without_initrd(debian, &directory)
    };
    lay_out().map_err(|error| failed(&directory, &error))?;
    pack(debian, system, &directory)?;
    converse(&mut bochs(debian, &directory)?)
}

/// The script, with the environment and the arguments that the tests are given.
fn init(variables: &[(String, String)], arguments: &[&str]) -> String {
    let exports = variables
        .iter()
        .map(|(name, value)| format!("export {name}={}", quoted(value)));
    let words: Vec<_> = arguments.iter().map(|word| quoted(word)).collect();
    let given: Vec<_> = exports
        .chain([format!("set -- {}", words.join(" "))])
        .collect();
    INIT.replace("# given", &given.join("\n"))
}

/// A word as the shell takes it unchanged.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn system_around_tests(debian: &Debian, system: &Path, init: &str) -> io::Result<()> {
    for place in ["bin", "dev", "proc", "tmp"] {
        fs::create_dir_all(system.join(place))?;
    }
    fs::copy(debian.path("bin/busybox"), system.join("bin/busybox"))?;
    fs::write(system.join("init.sh"), init)
}

fn image_without_initrd(debian: &Debian, directory: &Path) -> io::Result<()> {
    let loader = directory.join("image/isolinux");
    fresh(directory)?;
    fs::create_dir_all(&loader)?;
    for (from, to) in [
        ("usr/lib/ISOLINUX/isolinux.bin", "isolinux.bin"),
        ("usr/lib/syslinux/modules/bios/ldlinux.c32", "ldlinux.c32"),
    ] {
        fs::copy(debian.path(from), loader.join(to))?;
    }
    fs::copy(debian.kernel()?, directory.join("image/vmlinuz"))?;
    let menu =
        format!("default it\nlabel it\nkernel /vmlinuz\ninitrd /initrd\nappend {KERNEL_LINE}\n");
    fs::write(loader.join("isolinux.cfg"), menu)
}

fn pack(debian: &Debian, system: &Path, directory: &Path) -> Result<(), Stop> {
    let busybox = debian.path("bin/busybox");
    let archive = r#""$0" find . | "$0" cpio -o -H newc > ../machine/image/initrd"#;
    execute(
        Command::new(&busybox)
            .args(["sh", "-c", archive])
            .arg(&busybox)
            .current_dir(system),
    )?;
    execute(
        debian
            .program("usr/bin/xorriso")
            .args("-as mkisofs -quiet -o image.iso".split(' '))
            .args("-b isolinux/isolinux.bin -c isolinux/boot.cat".split(' '))
            .args("-no-emul-boot -boot-load-size 4 -boot-info-table image".split(' '))
            .current_dir(directory),
    )
}

/// The emulator, its serial line on its standard error. Debian's has a debugger, which waits for
/// the word to continue, and a display that wants a terminal's name.
fn bochs(debian: &Debian, directory: &Path) -> Result<Command, Stop> {
    let share = debian.path("usr/share");
    let share = share.display();
    let machine = format!(
        "display_library: term
romimage: file=\"{share}/bochs/BIOS-bochs-latest\"
vgaromimage: file=\"{share}/vgabios/vgabios.bin\"
cpu: model=corei7_icelake_u, count=1, ips=50000000, reset_on_triple_fault=0
clock: sync=none
memory: guest=512, host=512
ata0-master: type=cdrom, path=image.iso, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev=/dev/stderr
log: bochs.log
panic: action=fatal
error: action=report
info: action=ignore
debug: action=ignore
"
    );
    let write = || {
        fs::write(directory.join("bochsrc"), machine)?;
        fs::write(directory.join("debugger"), "continue\n")
    };
    write().map_err(|error| failed(directory, &error))?;

    let mut bochs = debian.program("usr/bin/bochs-bin");
    bochs
        .args(["-q", "-f", "bochsrc", "-rc", "debugger"])
        .env("LTDL_LIBRARY_PATH", debian.path(PLUGINS))
        .env("TERM", "vt100")
        .env("TERMINFO", debian.path("lib/terminfo"))
        .current_dir(directory);
    Ok(bochs)
}

/// Returns the lines of the guest up to its end, or to the limit, and shows them from the first one
/// of [`INIT`] on; a guest that does not come that far is shown whole.
fn converse(bochs: &mut Command) -> Result<Vec<String>, Stop> {
    let mut child = bochs
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Stop::Failed(format!("{error}: bochs")))?;
    let (sender, receiver) = mpsc::channel();
    let serial = child.stderr.take();
    let reader = thread::spawn(move || {
        let bytes = serial
            .into_iter()
            .flat_map(|it| BufReader::new(it).split(b'\n'));
        for line in bytes.map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            if sender.send(line).is_err() {
                break;
            }
        }
    });

    let deadline = Instant::now() + LIMIT;
    let mut lines: Vec<String> = Vec::new();
    let mut started = false;
    let in_time = loop {
        match receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                started |= line.starts_with(START);
                if started {
                    println!("| {line}");
                }
                lines.push(line);
            }
            Err(error) => break error == RecvTimeoutError::Disconnected,
        }
        if lines.last().is_some_and(|line| line == END) {
            break true;
        }
    };
    if !started {
        println!("{}", lines.join("\n"));
    }

    // The guest cannot switch itself off, and an emulator that has ended need not be stopped.
    let _ = child.kill();
    let _ = child.wait();
    drop(receiver);
    let _ = reader.join();
    if in_time {
        Ok(lines)
    } else {
        let seconds = LIMIT.as_secs();
        let why = format!("the guest did not end within {seconds} s");
        Err(Stop::Failed(why))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tests_are_given_their_words_unchanged() {
        let variables = [("FLOWSEAL_SEED".to_owned(), "it's $HOME".to_owned())];
        let script = init(&variables, &["--exact", "a b"]);
        let given = "export FLOWSEAL_SEED='it'\\''s $HOME'\nset -- '--exact' 'a b'\nfor test in";
        assert!(script.contains(given), "{script}");
    }

    #[test]
    fn the_script_says_what_is_waited_for() {
        for said in [START, END] {
            assert!(INIT.contains(&format!("echo \"{said}")), "{said}");
        }
    }
}
