//! Parquet, as a column of flows and as columns of rows.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::{
    Array as _, ArrayRef, BinaryArray, DictionaryArray, LargeStringArray, RecordBatch, StringArray,
    StringViewArray, types::Int32Type,
};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::{KEYS, bulk, files_in, flows, many};
use crate::scene::Scene;

fn write(scene: &Scene, name: &str, column: ArrayRef, compression: Compression) {
    let number: ArrayRef = Arc::new(arrow_array::Int32Array::from(vec![7; column.len()]));
    let batch = RecordBatch::try_from_iter([("number", number), ("flow", column)]).unwrap();
    let file = File::create(scene.path().join(name)).unwrap();
    let properties = WriterProperties::builder().set_compression(compression);
    let properties = properties.set_max_row_group_row_count(Some(100)).build();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

/// All rows of a directory of parts.
fn read(directory: &Path) -> Vec<RecordBatch> {
    let files = files_in(directory).into_iter();
    files
        .flat_map(|name| {
            let file = File::open(directory.join(name)).unwrap();
            let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
            reader.with_batch_size(1 << 20).build().unwrap()
        })
        .map(Result::unwrap)
        .collect()
}

fn texts(batch: &RecordBatch, name: &str) -> Vec<Option<String>> {
    let column = batch.column_by_name(name).unwrap().as_string::<i32>();
    column.iter().map(|text| text.map(str::to_owned)).collect()
}

#[test]
fn a_column_of_text_is_read_as_lines_are() {
    let scene = Scene::new();
    let lines: Vec<_> = many().lines().collect();
    scene.file("in", many());
    bulk(&scene, "in -o whole").refused(1, "signature_invalid");
    let whole = fs::read(scene.path().join("whole")).unwrap();
    let bytes = lines.iter().map(|line| line.as_bytes());
    let columns: [ArrayRef; 5] = [
        Arc::new(StringArray::from(lines.clone())),
        Arc::new(LargeStringArray::from(lines.clone())),
        Arc::new(StringViewArray::from(lines.clone())),
        Arc::new(BinaryArray::from_iter_values(bytes)),
        Arc::new(
            lines
                .iter()
                .copied()
                .collect::<DictionaryArray<Int32Type>>(),
        ),
    ];
    for (at, column) in columns.into_iter().enumerate() {
        let compression = match at {
            0 => Compression::UNCOMPRESSED,
            1 => Compression::SNAPPY,
            2 => Compression::ZSTD(ZstdLevel::default()),
            3 => Compression::GZIP(Default::default()),
            _ => Compression::LZ4_RAW,
        };
        write(&scene, "table", column, compression);
        bulk(&scene, "table -o out --force --column flow").refused(1, "signature_invalid");
        assert!(fs::read(scene.path().join("out")).unwrap() == whole, "{at}");
    }
}

#[test]
fn a_cell_without_a_value_is_a_row() {
    let scene = Scene::new();
    let flow = flows(1).concat();
    let column = StringArray::from(vec![Some(flow.as_str()), None, Some("")]);
    write(&scene, "table", Arc::new(column), Compression::SNAPPY);
    bulk(&scene, "table table -o out --column flow").refused(1, "not_a_flow");
    let rows = super::rows(&scene.path().join("out"));
    let codes: Vec<_> = rows.iter().map(|row| row["code"].as_str()).collect();
    let [none, missing] = [None, Some("not_a_flow")];
    assert_eq!(codes, [none, missing, missing, none, missing, missing]);
    assert_eq!(rows[5]["line"], 6);
}

#[test]
fn what_has_no_such_column_is_said_before_anything_is_begun() {
    let scene = Scene::new();
    scene.file("lines", flows(1).concat());
    let column = StringArray::from(vec!["x"]);
    write(&scene, "table", Arc::new(column), Compression::SNAPPY);
    for line in [
        "table -o out",
        "table -o out --column flows",
        "table -o out --column number",
        "table lines -o out --column flow",
        "- -o out --column flow",
        "lines -o - --format parquet",
    ] {
        bulk(&scene, line).refused(2, "usage");
    }
    assert!(
        !files_in(scene.path())
            .iter()
            .any(|name| name.starts_with("out"))
    );
}

#[test]
fn rows_are_columns_that_were_known_before() {
    let scene = Scene::new();
    scene.file("in", flows(6).join("\n"));
    bulk(&scene, "in -o out --format parquet --errors bad").refused(1, "signature_invalid");
    let out = scene.path().join("out");
    assert_eq!(files_in(&out), ["part-00000.parquet"]);
    #[cfg(unix)]
    for (name, mode) in [("out", 0o700), ("out/part-00000.parquet", 0o600)] {
        use std::os::unix::fs::PermissionsExt as _;
        let metadata = fs::metadata(scene.path().join(name)).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, mode, "{name}");
    }
    let [batch] = read(&out).try_into().unwrap();
    let given = texts(&batch, "naming.given");
    assert_eq!(given[0].as_deref(), Some("Adébáyọ̀"));
    assert_eq!(given[5], None);
    let codes = texts(&batch, "code");
    assert_eq!(
        (codes[0].as_deref(), codes[5].as_deref()),
        (None, Some("signature_invalid"))
    );
    let verified = batch.column_by_name("contact.emailVerified").unwrap();
    assert!(verified.as_boolean().value(0));
    assert!(verified.is_null(5));
    let others = batch.column_by_name("other_claims").unwrap().as_map();
    assert!(others.is_null(5) && others.is_valid(0));
    let covers = batch.column_by_name("covers").unwrap().as_list::<i32>();
    assert_eq!(covers.value(0).as_string::<i32>().value(0), "reference");
    assert_eq!(super::rows(&scene.path().join("bad")).len(), 1);

    // What is not selected has no column, and what the catalogue does not know is in the map.
    let line = "in -o out --force --format parquet --select naming.given --select bio \
         --drop sentence --drop covers";
    bulk(&scene, line).refused(1, "signature_invalid");
    let [batch] = read(&out).try_into().unwrap();
    let schema = batch.schema();
    let names: Vec<_> = schema
        .fields()
        .iter()
        .map(|it| it.name().as_str())
        .collect();
    assert_eq!(
        names[..6],
        [
            "line",
            "reference",
            "trust",
            "verified",
            "code",
            "naming.given"
        ]
    );
    assert!(
        names[6..]
            .iter()
            .all(|name| name.starts_with("bio.") || *name == "other_claims")
    );
}

#[test]
fn parts_are_the_same_after_a_run_that_was_killed() {
    let scene = Scene::new();
    let more = "nonsense\n".repeat(20_000);
    scene.file("in", format!("{}{more}", many()));
    let line = "in --format parquet --threads 2 --errors";
    bulk(&scene, &format!("{line} bad0 -o whole")).refused(1, "json");
    let whole = files_in(&scene.path().join("whole"));
    assert_eq!(whole.len(), 3);
    let errors = fs::read(scene.path().join("bad0")).unwrap();
    // The rows that are refused grow, and the system kills who writes beyond so many blocks.
    for part in [0, 30, 60, 90] {
        let blocks = errors.len() / 512 * part / 100;
        let binary = env!("CARGO_BIN_EXE_flowseal");
        let script = format!(
            "ulimit -c 0; ulimit -f {blocks}; exec {binary} bulk {line} bad -o out {KEYS} --quiet"
        );
        let mut shell = std::process::Command::new("sh");
        let killed = shell
            .args(["-c", &script])
            .current_dir(scene.path())
            .status()
            .unwrap();
        assert!(!killed.success());
        bulk(&scene, &format!("{line} bad -o out --resume")).refused(1, "json");
        assert_eq!(files_in(&scene.path().join("out")), whole);
        for name in &whole {
            let [one, other] = ["out", "whole"].map(|it| scene.path().join(it).join(name));
            assert!(
                fs::read(one).unwrap() == fs::read(other).unwrap(),
                "{part}: {name}"
            );
        }
        assert!(fs::read(scene.path().join("bad")).unwrap() == errors);
        fs::remove_dir_all(scene.path().join("out")).unwrap();
        fs::remove_file(scene.path().join("bad")).unwrap();
    }
    // A directory with anything else in it is nobody's to replace.
    fs::create_dir(scene.path().join("out")).unwrap();
    scene.file("out/mine", "mine");
    bulk(&scene, &format!("{line} bad -o out")).refused(2, "io");
    bulk(&scene, &format!("{line} bad -o out --force")).refused(2, "io");
    assert!(scene.path().join("out/mine").exists());
}

#[cfg(unix)]
#[test]
fn a_directory_is_replaced_where_it_stands_and_through_no_link() {
    let scene = Scene::new();
    scene.file("in", flows(1).concat());
    let at = |name: &str| scene.path().join(name);
    for name in ["out", "out/", "out//", "out/.", "./out/"] {
        bulk(&scene, &format!("in -o {name} --format parquet --force")).done();
        assert_eq!(files_in(&at("out")), ["part-00000.parquet"], "{name}");
        bulk(&scene, &format!("in -o {name} --format parquet --resume")).done();
    }
    fs::create_dir(at("elsewhere")).unwrap();
    std::os::unix::fs::symlink("out", at("link")).unwrap();
    for (name, code) in [
        ("link", "io"),
        ("link/", "io"),
        ("link/.", "io"),
        ("elsewhere/..", "usage"),
    ] {
        for more in ["", "--force"] {
            bulk(&scene, &format!("in -o {name} --format parquet {more}")).refused(2, code);
            assert_eq!(files_in(&at("out")), ["part-00000.parquet"], "{name}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_part_is_no_input_of_the_run_that_replaces_it() {
    let scene = Scene::new();
    scene.file("in", flows(1).concat());
    bulk(&scene, "in -o out --format parquet").done();
    let part = scene.path().join("out/part-00000.parquet");
    fs::hard_link(&part, scene.path().join("hard")).unwrap();
    let whole = fs::read(&part).unwrap();
    let line = "-o ./out --format parquet --column reference --force";
    for input in ["out/part-00000.parquet", "hard"] {
        bulk(&scene, &format!("{input} {line}")).refused(2, "usage");
    }
    for errors in ["out/bad", "out", "out.part/bad"] {
        bulk(&scene, &format!("in {line} --errors {errors}")).refused(2, "usage");
    }
    assert!(fs::read(&part).unwrap() == whole);
}

#[test]
fn long_cells_are_refused_alone() {
    let scene = Scene::new();
    let flow = flows(1).concat();
    let long = "x".repeat(3 << 20);
    let cells = [&flow, &long, &flow, &long, &long, &flow].map(String::as_str);
    write(
        &scene,
        "table",
        Arc::new(StringArray::from(cells.to_vec())),
        Compression::SNAPPY,
    );
    bulk(&scene, "table -o out --column flow").refused(1, "too_large");
    let rows = super::rows(&scene.path().join("out"));
    let codes: Vec<_> = rows.iter().map(|row| row["code"].as_str()).collect();
    let [none, refused] = [None, Some("too_large")];
    assert_eq!(codes, [none, refused, none, refused, refused, none]);
    assert_eq!(rows[1]["sentence"], rows[3]["sentence"]);
    // Nor does it matter how many bytes of them make a batch, where a run goes on.
    scene.file("in", [flow.as_str(), &long, &flow].join("\n"));
    bulk(&scene, "in -o lines").refused(1, "too_large");
    let lines = super::rows(&scene.path().join("lines"));
    assert_eq!(rows[..3], lines);
}

/// Whatever is changed in a file, its run ends in words, and rows are counted on.
#[test]
fn a_damaged_table_is_done_up_to_its_damage() {
    let scene = Scene::new();
    let lines: Vec<_> = many().lines().take(150).collect();
    let column = StringArray::from(lines);
    write(&scene, "table", Arc::new(column), Compression::SNAPPY);
    let whole = fs::read(scene.path().join("table")).unwrap();
    // Whole pages are alike inside; ends are where the file says what is where.
    let middle = (0..24).map(|at| whole.len() * at / 24);
    let end = (0..24).map(|at| whole.len() - 1 - at * 67);
    let begin = (0..12).map(|at| 4 + at * 3);
    let mut ends = std::collections::BTreeSet::new();
    for at in begin.chain(middle).chain(end) {
        let mut file = whole.clone();
        file[at] ^= 0x55;
        scene.file("damaged", file);
        let line = "damaged -o out --force --column flow --select naming.given";
        let ran = bulk(&scene, line);
        assert!(matches!(ran.status, 0..=2), "{at}: {ran:?}");
        ends.insert(ran.status);
        if ran.status == 1 {
            let rows = super::rows(&scene.path().join("out"));
            let counted = rows.iter().map(|row| row["line"].as_u64());
            assert!(counted.eq((1..).map(Some).take(rows.len())), "{at}");
        }
    }
    assert_eq!(ends, [1, 2].into());
    scene.file("damaged", &whole[..whole.len() - 100]);
    bulk(&scene, "damaged -o out --force --column flow").refused(2, "usage");
}

#[test]
fn a_cell_that_is_no_text_costs_no_other_one() {
    let scene = Scene::new();
    let flow = flows(1).concat();
    let cells = vec![flow.as_str(), "@@@@", &flow];
    let column = Arc::new(StringArray::from(cells));
    write(&scene, "table", column, Compression::UNCOMPRESSED);
    let mut file = fs::read(scene.path().join("table")).unwrap();
    let places: Vec<_> = (0..file.len() - 4)
        .filter(|at| file[*at..].starts_with(b"@@@@"))
        .collect();
    assert!(!places.is_empty());
    for at in places {
        file[at] = 0xff;
    }
    scene.file("table", file);
    bulk(&scene, "table -o out --column flow").refused(1, "json");
    let rows = super::rows(&scene.path().join("out"));
    let codes: Vec<_> = rows.iter().map(|row| row["code"].as_str()).collect();
    assert_eq!(codes, [None, Some("json"), None]);
}

#[test]
fn a_column_is_one_and_stands_in_a_file() {
    let scene = Scene::new();
    let [one, other]: [ArrayRef; 2] =
        ["x", "y"].map(|it| -> ArrayRef { Arc::new(StringArray::from(vec![it])) });
    let batch = RecordBatch::try_from_iter([("flow", one), ("flow", other)]).unwrap();
    let file = File::create(scene.path().join("table")).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let ran = bulk(&scene, "table -o out --column flow");
    assert!(ran.stderr.contains("has 2 columns \"flow\""), "{ran:?}");
    ran.refused(2, "usage");
    #[cfg(unix)]
    {
        let mut pipe = std::process::Command::new("mkfifo");
        let made = pipe.arg(scene.path().join("pipe")).status().unwrap();
        assert!(made.success());
        bulk(&scene, "pipe -o out --column flow").refused(2, "usage");
    }
}
