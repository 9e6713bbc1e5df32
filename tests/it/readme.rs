//! The tutorial in README.md does what it says: every file is saved, every command is run and every answer compared as
//! they are printed there. `UPDATE_GOLDEN=1` prints the answers anew: read them.

use std::path::Path;
use std::process::Command;

/// A fenced block with the line before it.
pub(crate) struct Block<'a> {
    before: &'a str,
    pub(crate) language: &'a str,
    pub(crate) text: String,
}

pub(crate) fn blocks(markdown: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let (mut before, mut open): (&str, Option<(&str, Block<'_>)>) = ("", None);
    for line in markdown.lines() {
        let fence = ["```", "~~~"].into_iter().find_map(|fence| Some((fence, line.strip_prefix(fence)?)));
        match (&mut open, fence) {
            (None, Some((fence, language))) => open = Some((fence, Block { before, language, text: String::new() })),
            (Some((opened, _)), Some((fence, ""))) if fence == *opened => blocks.extend(open.take().map(|open| open.1)),
            (Some((_, block)), _) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) if !line.is_empty() => before = line,
            (None, None) => {}
        }
    }
    blocks
}

/// The file that a block holds: the last thing its introduction names, in back quotes, before a colon.
pub(crate) fn file<'a>(block: &Block<'a>) -> Option<&'a str> {
    let (_, name) = block.before.strip_suffix("`:")?.rsplit_once('`')?;
    Some(name)
}

fn shell(folder: &Path, commands: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_callbrief")).parent().unwrap();
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", program.display());
    let output = Command::new("sh")
        .args(["-ec", commands])
        .current_dir(folder)
        .env("PATH", path)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{commands}\n{told}\n{}", String::from_utf8_lossy(&output.stderr));
    told
}

/// Without spaces at the ends of lines, which nobody sees, and the fingerprint of the rules, which nobody remembers.
fn readable(text: &str) -> String {
    let line = |line: &str| match line.strip_prefix("rules     ") {
        Some(fingerprint) if fingerprint.len() == 64 => "rules     …".to_owned(),
        _ => line.trim_end().to_owned(),
    };
    text.trim_end().lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_tutorial_works_as_it_is_written() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let mut updated = readme.clone();
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let (_, rest) = readme.split_once("<!-- tutorial -->").unwrap();
    let (tutorial, _) = rest.split_once("<!-- end of the tutorial -->").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (mut told, mut commands, mut compared) = (String::new(), 0, 0);
    for block in blocks(tutorial) {
        match (block.language, file(&block)) {
            ("sh", _) => {
                told = shell(folder.path(), &block.text);
                commands += block.text.lines().filter(|line| line.starts_with("callbrief ")).count();
            }
            ("text", None) if update => {
                let printed = |text: &str| format!("```text\n{text}\n```");
                updated = updated.replace(&printed(block.text.trim_end()), &printed(&readable(&told)));
            }
            ("text", None) => {
                assert_eq!(readable(&told), readable(&block.text), "what is printed");
                compared += 1;
            }
            (_, Some(file)) => {
                let path = folder.path().join(file);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, &block.text).unwrap();
            }
            (language, None) => panic!("a block of {language} says neither what it is nor where it belongs"),
        }
    }
    if update {
        std::fs::write(&path, updated).unwrap();
        return;
    }
    assert!(commands >= 5 && compared >= 3, "{commands} commands, {compared} answers");
}
