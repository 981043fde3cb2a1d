//! What the READMEs print for C and C++, done as it is printed: the lines at a terminal by a shell,
//! the blocks of code inside a program of their own; and the lines for a manifest of Rust.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{cargo, execute, need, output, target_directory};
use crate::ffi::prefix;
use crate::identify::libcurl;
use crate::mock::{self, Mock};
use crate::step::{Run, Stop, Verdict};

const PROJECT: &str = "README.md";
const LIBRARY: &str = "bindings/c/README.md";
const EXAMPLES: &str = "bindings/c/examples";
const KEYS: &str = "crates/flowseal/src/testkit";

/// The HTTP client that the journey of the README leaves to its reader.
const CLIENT: &str = "bindings/c/examples/client.hpp";

/// Where the READMEs have the mock listen.
const MOCK: &str = "http://127.0.0.1:8080";

/// What is printed for a terminal. The library is installed already.
pub(crate) fn lines(run: &mut Run) {
    run.step("C: the lines of the READMEs, cc", || {
        need("cc", "--version")?;
        need("pkg-config", "--version")?;
        installs()?;
        [PROJECT, LIBRARY].into_iter().try_for_each(links)
    });
    run.step("C: the lines of the READMEs, CMake", builds);
}

/// What is printed for a program.
pub(crate) fn programs(run: &mut Run) {
    run.step("Rust: the manifest of the README", as_a_dependency);
    run.step("C: the blocks of the READMEs", || {
        need("pkg-config", "--version")?;
        need("cc", "--version")?;
        in_c()?;
        need("c++", "--version")?;
        in_cpp()
    });
    run.step("C: the journey of the README, C++", journey);
}

/// `cargo xtask install …`, as both print it.
fn installs() -> Verdict {
    for readme in [PROJECT, LIBRARY] {
        let line = line_of(readme, "cargo xtask install --prefix DIR")?;
        let line = line.strip_prefix("cargo ").unwrap_or(&line);
        // What stands behind it for the reader is none of its words.
        execute(&mut cargo(line.split('#').next().unwrap_or(line)))?;
    }
    Ok(())
}

/// `cc app.c …` makes a program that starts.
fn links(readme: &str) -> Verdict {
    let line = line_of(readme, "cc app.c ")?;
    let place = fresh("readme")?;
    copy(
        &Path::new(EXAMPLES).join("open_flow.c"),
        &place.join("app.c"),
    )?;
    typed(&place, &line)?;
    opens(&place, "a.out")
}

/// `cmake -S . …` beside a `CMakeLists.txt`.
fn builds() -> Verdict {
    let line = line_of(LIBRARY, "cmake -S . ")?;
    need("cmake", "--version")?;
    need("c++", "--version")?;
    need("make", "--version")?;
    let place = fresh("readme")?;
    for name in ["CMakeLists.txt", "open_flow.cpp"] {
        copy(&Path::new(EXAMPLES).join(name), &place.join(name))?;
    }
    typed(&place, &line)?;
    typed(&place, "cmake --build build")?;
    opens(&place, "build/open_flow")
}

/// A crate with the lines that the README gives for its manifest builds, and cargo has no warning
/// about them.
fn as_a_dependency() -> Verdict {
    let block = block_of(PROJECT, "toml")?;
    let (path, version) = ("crates/flowseal", "flowseal = \"0.1\"");
    let path = std::path::absolute(path).map_err(|error| failed(Path::new(path), &error))?;
    let ours = format!("flowseal = {{ path = {:?} }}", path.display().to_string());
    let package =
        "[workspace]\n[package]\nname = \"app\"\nversion = \"0.0.0\"\nedition = \"2024\"\n";
    let manifest = format!("{package}{}", block.replacen(version, &ours, 1));
    let place = fresh("dependent")?;
    write(&place.join("Cargo.toml"), &manifest)?;
    copy(Path::new("Cargo.lock"), &place.join("Cargo.lock"))?;
    fs::create_dir(place.join("src")).map_err(|error| failed(&place, &error))?;
    write(
        &place.join("src/main.rs"),
        "fn main() { println!(\"{:?}\", flowseal::profile::Profile::default()); }\n",
    )?;
    let mut cargo = cargo("check --manifest-path");
    let output = cargo
        .arg(place.join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", target_directory().join("dependent"))
        .output()
        .map_err(|error| failed(&place, &error))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let is_sound = output.status.success() && !said.contains("warning");
    match is_sound && manifest.contains(&ours) {
        true => Ok(()),
        false => Err(Stop::Failed(format!("the manifest of {PROJECT}: {said}"))),
    }
}

/// The blocks compile. The end of a session's loop is the one of `identify_curl.c`, which runs.
fn in_c() -> Verdict {
    let text = read(LIBRARY)?;
    let [remote, session] = blocks(&text, "c").collect::<Vec<_>>()[..] else {
        return Err(Stop::Failed(format!("{LIBRARY} has not two blocks of C")));
    };
    let program = format!(
        "#include <flowseal.h>\n\
         extern uint64_t now(void);\n\
         extern uint32_t jitter(void);\n\
         void hold(flowseal_remote_key_options options, void *context,\n\
         flowseal_release_callback release, const char *public_pem, size_t len) {{\n\
         flowseal_decrypting_key key;\nflowseal_error error = {{0}};\n\
         {remote}\n}}\n\
         void watch(flowseal_api_config config, size_t len) {{\n\
         flowseal_session session;\nflowseal_action action;\nflowseal_error error = {{0}};\n\
         {session}\n}}\n"
    );
    let place = fresh("readme")?;
    write(&place.join("block.c"), &program)?;
    let flags = "-std=c11 -Wall -Wextra -Wpedantic -Werror -c block.c";
    typed(&place, &format!("cc {flags} {}", pkg_config("--cflags")))
}

/// The C++ opens a flow.
fn in_cpp() -> Verdict {
    let block = block_of(PROJECT, "cpp")?;
    let program = format!(
        "#include <chrono>\n#include <flowseal.hpp>\n#include <fstream>\n#include <iostream>\n\
         #include <iterator>\n#include <string>\n\
         static std::string read(const char* name) {{\n\
         std::ifstream stream(name, std::ios::binary);\n\
         return {{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()}};\n}}\n\
         int main() {{\n\
         const auto app_pem = read(\"app.pem\"), user_pem = read(\"user.pub.pem\");\n\
         const auto response = read(\"flow.json\");\n\
         using namespace std::chrono_literals;\n\
         const auto now = std::chrono::system_clock::now();\n\
         {block}\n\
         std::cout << given.value() << \"\\n\";\n}}\n"
    );
    let place = fresh("readme")?;
    write(&place.join("block.cpp"), &program)?;
    for name in ["app.pem", "app.pub.pem", "user.pem", "user.pub.pem"] {
        copy(&Path::new(KEYS).join(name), &place.join(name))?;
    }
    mock::build()?;
    let command = mock::program();
    let seal = "seal --persona ada --reference req_… --to app.pub.pem --sign-with user.pem";
    typed(&place, &format!("{} {seal} > flow.json", command.display()))?;
    let flags = "-std=c++17 -Wall -Wextra -Wpedantic -Werror block.cpp -o block";
    let rpath = format!("-Wl,-rpath,{}", prefix().join("lib").display());
    typed(
        &place,
        &format!("c++ {flags} {} {rpath}", pkg_config("--cflags --libs")),
    )?;
    let mut block = Command::new(place.join("block"));
    // As a reader has it: cargo names its own directory first, and what was built there yesterday.
    let given = output(block.current_dir(&place).env_remove("LD_LIBRARY_PATH"))?;
    if given == "Adébáyọ̀\n" {
        return Ok(());
    }
    Err(Stop::Failed(format!(
        "the block of {PROJECT} gave {given:?}"
    )))
}

/// The program of the journey leads to a name, with libcurl and the mock.
fn journey() -> Verdict {
    need("pkg-config", "--version")?;
    need("c++", "--version")?;
    libcurl()?;
    let mock = Mock::start("default").map_err(|error| failed(Path::new(LIBRARY), &error))?;
    let program = block_of(LIBRARY, "cpp")?;
    if program.matches(MOCK).count() != 1 {
        return Err(Stop::Failed(format!(
            "the journey of {LIBRARY} does not name {MOCK} once"
        )));
    }
    let place = fresh("readme_journey")?;
    write(
        &place.join("login.cpp"),
        &program.replace(MOCK, mock.address()),
    )?;
    copy(Path::new(CLIENT), &place.join("client.hpp"))?;
    // Those that the mock plays with unless it makes its own.
    let keys = place.join("keys");
    fs::create_dir(&keys).map_err(|error| failed(&keys, &error))?;
    for name in ["app.pem", "user.pub.pem"] {
        copy(&Path::new(KEYS).join(name), &keys.join(name))?;
    }
    let line = line_of(LIBRARY, "c++ -std=c++17 login.cpp ")?;
    typed(&place, &format!("{line} -Wall -Wextra -Wpedantic -Werror"))?;
    let mut login = Command::new(absolute(place.join("a.out")));
    let given = output(login.current_dir(&place).env_remove("LD_LIBRARY_PATH"))?;
    if given == "Adébáyọ̀\n" {
        return Ok(());
    }
    Err(Stop::Failed(format!(
        "the journey of {LIBRARY} gave {given:?}"
    )))
}

fn pkg_config(what: &str) -> String {
    let path = prefix().join("lib/pkgconfig");
    format!(
        "$(PKG_CONFIG_PATH={} pkg-config {what} flowseal)",
        path.display()
    )
}

/// The one line of a README that begins so, with the installed prefix for `DIR`.
fn line_of(readme: &str, begins: &str) -> Result<String, Stop> {
    let text = read(readme)?;
    let mut lines = text.lines().filter(|line| line.starts_with(begins));
    match (lines.next(), lines.next()) {
        (Some(line), None) => Ok(line.replace("DIR", &prefix().display().to_string())),
        _ => Err(Stop::Failed(format!(
            "{readme} has no one line `{begins}…`"
        ))),
    }
}

/// The one block of a README in this language.
fn block_of(readme: &str, language: &str) -> Result<String, Stop> {
    let text = read(readme)?;
    let mut blocks = blocks(&text, language);
    match (blocks.next(), blocks.next()) {
        (Some(block), None) => Ok(block.to_owned()),
        _ => Err(Stop::Failed(format!(
            "{readme} has no one block of {language}"
        ))),
    }
}

/// What stands in fences of a language.
fn blocks<'a>(text: &'a str, language: &'a str) -> impl Iterator<Item = &'a str> {
    let fenced = text.split("```").skip(1).step_by(2);
    fenced.filter_map(move |block| block.strip_prefix(language)?.strip_prefix('\n'))
}

fn typed(place: &Path, line: &str) -> Verdict {
    execute(Command::new("sh").args(["-c", line]).current_dir(place))
}

/// Runs a program on the sample, without telling it where the library is.
fn opens(place: &Path, program: &str) -> Verdict {
    let keys = Path::new("crates/flowseal/tests/vectors/keys");
    let claims = output(
        Command::new(place.join(program))
            .arg(absolute(Path::new(EXAMPLES).join("flow.json")))
            .arg(absolute(keys.join("app-2048.pem")))
            .arg(absolute(keys.join("user-2048.pub.pem")))
            .args(["req_sample", "1716820181"])
            .env_remove("LD_LIBRARY_PATH"),
    )?;
    if claims.contains("\"given\":\"Adébáyọ̀\"") {
        return Ok(());
    }
    Err(Stop::Failed(format!("{program} did not print the claims")))
}

/// The same path from wherever a program is started.
fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

/// An empty directory.
fn fresh(name: &str) -> Result<PathBuf, Stop> {
    let place = target_directory().join("c").join(name);
    let _ = fs::remove_dir_all(&place);
    fs::create_dir_all(&place).map_err(|error| failed(&place, &error))?;
    Ok(place)
}

fn copy(from: &Path, to: &Path) -> Verdict {
    let copied = fs::copy(from, to).map(drop);
    copied.map_err(|error| failed(from, &error))
}

fn write(file: &Path, text: &str) -> Verdict {
    fs::write(file, text).map_err(|error| failed(file, &error))
}

fn read(file: &str) -> Result<String, Stop> {
    fs::read_to_string(file).map_err(|error| failed(Path::new(file), &error))
}

fn failed(file: &Path, error: &std::io::Error) -> Stop {
    Stop::Failed(format!("{}: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_told_by_their_language() {
        let text = "a\n```\nplain\n```\n```c\nint c;\n```\n```cpp\nint cpp;\n```\n";
        let of = |language| blocks(text, language).collect::<Vec<_>>();
        assert_eq!(of("c"), ["int c;\n"]);
        assert_eq!(of("cpp"), ["int cpp;\n"]);
        assert_eq!(of(""), ["plain\n"]);
    }
}
