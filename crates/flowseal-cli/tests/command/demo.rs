//! The demo, which makes a key of 4096 bits: the slowest test of the command.

use crate::scene::Scene;

#[test]
fn the_demo_shows_every_step_and_ends_well() {
    let text = Scene::new().run("demo").done();
    for shown in [
        "\n1  make keys",
        "\n2  seal",
        "\n3  inspect",
        "\n   claims     9 leaves of 512 bytes",
        "\n4  verify",
        "\n   claims_signed     passed\n",
        "\n5  open",
        "\n   naming.given               Adébáyọ̀\n",
        "\n6  refuse",
        "\n   error      signature_invalid\n",
        "\n   signature         failed       invalid\n",
    ] {
        assert!(text.contains(shown), "{shown:?} is not in\n{text}");
    }
    assert!(!text.contains('\u{1b}'));
}
