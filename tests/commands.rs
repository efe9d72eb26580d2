//! `export`, `video`, `stats` and the summary by video as a shell sees them, and the counts of `check` by another hand.

mod shell;

use serde_json::Value;
use shell::{code, stderr, stdout};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

const SAMPLE: &str = "tests/sample";

fn vaultls(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vaultls"));
    command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR"));
    command.env_remove("CLICOLOR_FORCE").env_remove("NO_COLOR").output().expect("the binary runs")
}

fn json(output: &Output) -> Value {
    serde_json::from_str(stdout(output)).expect("the output is JSON")
}

fn vault(notes: &[(&str, &str)]) -> TempDir {
    let vault = tempfile::tempdir().expect("a folder for the vault");
    fs::write(vault.path().join(".vaultls.toml"), "").expect("the settings are written");
    for (path, text) in notes {
        fs::write(vault.path().join(path), text).expect("the note is written");
    }
    vault
}

fn text_of(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

fn anchor(time: &str) -> String {
    format!("<a class=\"yt-timestamp\" data-t=\"{time}\">[{time}]</a>")
}

/// A note of the video `sUjFz20kTFw` with a claim at each of these times.
fn note_at(front_matter: &str, times: &[&str]) -> String {
    let claims: String = times.iter().map(|time| format!("Said {time} {}\n\n", anchor(time))).collect();
    format!("---\ntitle: Talk\nvideoId: sUjFz20kTFw\n{front_matter}---\n{claims}")
}

#[test]
fn the_moments_of_a_note_are_chapters_that_begin_at_zero() {
    let output = vaultls(&["export", "tests/sample/harbour_lectures/the_fresnel_lens.md", "--to", "chapters"]);
    let expected = "0:00 The Fresnel lens
16:02 A plain lens large enough for a lighthouse would be too…
17:26 The first one was lit at Cordouan, at the mouth of the…
18:40 Orders
20:11 Turning light
21:03 Before it, as told in the chapter on fuel, one fire looked…
";
    assert_eq!((code(&output), stdout(&output), stderr(&output)), (0, expected, ""));
}

#[test]
fn the_chapters_of_a_video_are_called_after_notes_and_sections() {
    let output = vaultls(&["export", "https://youtu.be/TideWatch01", "--to", "chapters", "--vault", SAMPLE]);
    let expected = "0:00 Two bulges, one moon
2:44 Why the sea rises twice a day
4:19 As the moon moves on meanwhile, high water comes some fifty…
7:37 Not everywhere
9:02 Some gulfs have one tide a day
12:25 Sun and moon in line
14:03 At right angles
15:30 Masons on reef towers could work only at low water of…
16:48 The year's largest range is told beforehand by the tables
";
    assert_eq!((code(&output), stdout(&output)), (0, expected));
}

#[test]
fn moments_that_are_no_chapters_are_left_out_and_counted() {
    let times = ["00:00:04", "00:00:09", "00:01:00", "00:01:09", "00:02:00", "00:02:55"];
    let vault = vault(&[("talk.md", &note_at("duration: 3:00\n", &times))]);
    let output = vaultls(&["export", text_of(&vault.path().join("talk.md")), "--to", "chapters"]);
    assert_eq!(stdout(&output), "0:00 Talk\n1:00 Said 00:01:00\n2:00 Said 00:02:00\n");
    assert_eq!(stderr(&output), "vaultls: 3 moments left out: YouTube's chapters are ten seconds or longer\n");
    assert_eq!(code(&output), 0);
}

#[test]
fn a_moment_past_the_end_is_no_chapter_and_that_is_the_reason() {
    let times = ["00:00:00", "00:01:00", "00:02:00", "00:02:05", "00:03:00"];
    let vault = vault(&[("talk.md", &note_at("duration: 2:30\n", &times))]);
    let output = vaultls(&["export", text_of(&vault.path().join("talk.md")), "--to", "chapters"]);
    let reasons = "vaultls: 1 moment left out: YouTube's chapters are ten seconds or longer
vaultls: 1 moment left out: past the video's end at 00:02:30
";
    assert_eq!((code(&output), stderr(&output)), (0, reasons));
}

#[test]
fn a_chapter_is_called_by_what_a_reader_sees() {
    let (third, fourth) = (anchor("00:01:00"), anchor("00:02:00"));
    let note = format!(
        "---\ntitle: Talk\nvideoId: sUjFz20kTFw\n---\nSaid (0:00)\n\n\
         Text %%secret%% here <!-- hid --> see[^1] (0:10)\n\n\
         Q\\*A\\_B &amp; C <b>D</b> <i>e</i> {third}\n\n## Head {fourth}\n\n[^1]: A note.\n"
    );
    let vault = vault(&[("talk.md", &note)]);
    let note = vault.path().join("talk.md");
    let output = vaultls(&["export", text_of(&note), "--to", "chapters"]);
    let expected = "0:00 Talk\n0:10 Text here see\n1:00 Q*A_B & C D e\n2:00 Head\n";
    assert_eq!((code(&output), stdout(&output)), (0, expected));
    let markdown = vaultls(&["export", text_of(&note), "--to", "md"]);
    let written = "&t=60s) Q\\*A\\_B &amp; C <b>D</b> <i>e</i>\n";
    assert!(stdout(&markdown).contains(written), "{}", stdout(&markdown));
    assert!(!stdout(&markdown).contains("secret"), "{}", stdout(&markdown));
    let told = json(&vaultls(&["export", text_of(&note), "--to", "json"]));
    assert_eq!(told["moments"][2]["claim"], "Q*A_B & C D e");
}

#[test]
fn the_rule_that_keeps_moments_from_being_chapters_is_said() {
    let vault = vault(&[("talk.md", &note_at("", &["00:00:04", "00:01:00"])), ("none.md", "[[talk]]\n")]);
    let export = |note: &str| vaultls(&["export", text_of(&vault.path().join(note)), "--to", "chapters"]);
    let output = export("talk.md");
    assert_eq!((code(&output), stdout(&output)), (1, ""));
    let rule = ": YouTube wants at least 3 chapters of 10 seconds or more, and the moments make 2\n";
    assert!(stderr(&output).ends_with(rule), "{}", stderr(&output));
    let output = export("none.md");
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).ends_with("none.md: no moment of a video\n"), "{}", stderr(&output));
}

#[test]
fn moments_are_exported_as_markdown_and_json() {
    let vault = vault(&[("talk.md", &note_at("duration: 3:00\n", &["00:01:00", "00:00:04"]))]);
    let note = vault.path().join("talk.md");
    let markdown = vaultls(&["export", text_of(&note), "--to", "md"]);
    let expected = "# [Talk](https://www.youtube.com/watch?v=sUjFz20kTFw)

- [00:00:04](https://www.youtube.com/watch?v=sUjFz20kTFw&t=4s) Said 00:00:04
- [00:01:00](https://www.youtube.com/watch?v=sUjFz20kTFw&t=60s) Said 00:01:00
";
    assert_eq!(stdout(&markdown), expected);
    let told = json(&vaultls(&["export", text_of(&note), "--to", "json"]));
    assert_eq!((&told["id"], &told["title"], &told["end"]), (&"sUjFz20kTFw".into(), &"Talk".into(), &180.into()));
    let first = &told["moments"][0];
    assert_eq!((&first["seconds"], &first["file"], &first["line"]), (&4.into(), &"talk.md".into(), &8.into()));
    assert_eq!((&first["claim"], &first["section"]), (&"Said 00:00:04".into(), &Value::Null));
}

#[test]
fn a_video_is_told_from_all_notes_in_order_of_time() {
    let output = vaultls(&["video", "HarbourLt02", SAMPLE]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    let head = "Where are we? Stars, knots and clocks
https://www.youtube.com/watch?v=HarbourLt02
15 timestamps in 3 notes, 00:03:16-00:31:18

00:03:16  How far north a ship is can be read from the sky: the height of the pole star above the horizon is nearly the latitude
          harbour_lectures/finding_latitude_by_the_stars.md:9
";
    assert!(stdout(&output).starts_with(head), "{}", stdout(&output));
    let told = json(&vaultls(&["video", "HarbourLt02", SAMPLE, "--format", "json"]));
    let seconds: Vec<u64> =
        told["moments"].as_array().expect("moments").iter().filter_map(|it| it["seconds"].as_u64()).collect();
    assert!(seconds.len() == 15 && seconds.is_sorted(), "{seconds:?}");
}

#[test]
fn a_video_is_told_with_what_names_it_without_a_time() {
    let vault = vault(&[
        ("a.md", "---\nvideoId: sUjFz20kTFw\n---\nProse.\n"),
        ("b.md", &note_at("", &["00:01:00"])),
        ("talks.md", "# Talks\n\n### [On *trade*](https://www.youtube.com/watch?v=sUjFz20kTFw)\n"),
        ("z.md", "x https://youtu.be/sUjFz20kTFw\n"),
    ]);
    let output = vaultls(&["video", "sUjFz20kTFw", text_of(vault.path())]);
    let expected = "On trade
https://www.youtube.com/watch?v=sUjFz20kTFw
1 timestamp in 1 note, 00:01:00-00:01:00

00:01:00  Said 00:01:00
          b.md:5

Named without a time
a.md:2
talks.md:3  On trade
z.md:1  https://youtu.be/sUjFz20kTFw
";
    assert_eq!((code(&output), stdout(&output)), (0, expected));
    let told = json(&vaultls(&["video", "sUjFz20kTFw", text_of(vault.path()), "--format", "json"]));
    let first = serde_json::json!({ "file": "a.md", "line": 2, "label": null });
    assert_eq!((&told["mentions"][0], &told["mentions"][1]["label"]), (&first, &"On trade".into()));
}

#[test]
fn the_formats_of_moments_and_numbers_are_told_in_their_own_words() {
    for command in ["video", "stats"] {
        let help = vaultls(&[command, "--help"]);
        assert!(stdout(&help).contains("For programs: one object"), "{}", stdout(&help));
        assert!(!stdout(&help).contains("finding"), "{}", stdout(&help));
    }
}

#[test]
fn a_video_that_nobody_names_is_said_to_be_unknown() {
    let output = vaultls(&["video", "aaaaaaaaaaa", SAMPLE]);
    assert_eq!((code(&output), stderr(&output)), (1, "vaultls: aaaaaaaaaaa: no note names this video\n"));
    let output = vaultls(&["video", "no video", SAMPLE]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).starts_with("vaultls: no video: "), "{}", stderr(&output));
}

#[test]
fn a_vault_is_told_in_numbers() {
    let output = vaultls(&["stats", SAMPLE]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    assert!(stdout(&output).starts_with("14 notes, 55 timestamps\n\nLinks by outcome\n"), "{}", stdout(&output));
    for line in [
        "      4  broken\n",
        "      2  timestamp.mismatch\n",
        "     23  HarbourLt01  Fire on the headland: lights before electricity\n",
        "      8  harbour_lectures/harbour_lectures.md\n",
        "Notes that no other note links to\n         index.md\n",
    ] {
        assert!(stdout(&output).contains(line), "{line:?} is not in\n{}", stdout(&output));
    }
    let numbers = json(&vaultls(&["stats", SAMPLE, "--format", "json"]));
    assert_eq!((&numbers["notes"], &numbers["links"]["broken"]), (&14.into(), &4.into()));
    assert_eq!(numbers["orphans"], serde_json::json!(["index.md"]));
    assert_eq!(numbers["videos"][0], serde_json::json!({ "id": "HarbourLt01", "timestamps": 23 }));
}

#[test]
fn a_part_of_a_vault_is_told_in_its_own_numbers() {
    let numbers = json(&vaultls(&["stats", "tests/sample/tide_watch", "--format", "json"]));
    assert_eq!((&numbers["notes"], &numbers["timestamps"]), (&5.into(), &17.into()));
    assert_eq!(numbers["orphans"], serde_json::json!([]));
}

#[test]
fn findings_of_times_are_summed_up_by_video() {
    let vault = vault(&[
        ("a.md", &note_at("duration: 1:00\n", &["00:02:00", "6:04"])),
        ("b.md", "[x](https://youtu.be/aaaaaaaaaaa?t=soon)\n"),
    ]);
    let output = vaultls(&["check", text_of(vault.path())]);
    let expected = "By video
      3  sUjFz20kTFw  Talk  2 beyond-end, 1 spelling
      1  aaaaaaaaaaa  1 malformed

";
    assert!(stdout(&output).contains(expected), "{}", stdout(&output));
}

#[test]
fn an_independent_count_of_defects_agrees() {
    let odd = format!(
        "---\nvideoId: nothing\nduration: 100\n---\n{} {}\n`{}`\n<A data-t='1:02' CLASS=\"x yt-timestamp\"></A>\n",
        anchor("00:02:00"),
        anchor("00:00:99"),
        anchor("N/A")
    );
    let shifted = note_at("", &["00:05:00", "18:49:00", "19:00:00", "20:30:00"]);
    let vault = vault(&[("odd.md", &odd), ("shifted.md", &shifted)]);
    for vault in [vault.path(), &Path::new(env!("CARGO_MANIFEST_DIR")).join(SAMPLE)] {
        let found = tempfile::NamedTempFile::new().expect("a file for the findings");
        let check = vaultls(&["check", text_of(vault), "--format", "json"]);
        fs::write(found.path(), &check.stdout).expect("the findings are written");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/count_timestamps.py");
        let counted = Command::new("python3").args([&script, vault, found.path()]).output();
        let Ok(counted) = counted else { return eprintln!("no python3: nothing is counted again") };
        assert!(counted.status.success(), "{}{}", stdout(&counted), stderr(&counted));
        assert!(stdout(&counted).contains("timestamp.shifted"), "{}", stdout(&counted));
    }
}
