//! Which blocks stand on a turned sheet: tables that are too wide for the upright one, and the headings above them.

use super::paper::Sheet;
use super::setup::Setup;
use super::table;
use crate::report::document::Block;

/// The sheet of each block. Headings go with what follows them.
pub(super) fn sheets(blocks: &[Block], setup: Setup<'_>) -> Vec<Sheet> {
    let own = |block: &Block| match block {
        Block::Table(content) => table::sheet(content, setup),
        _ => setup.sheet,
    };
    let mut sheets: Vec<Sheet> = blocks.iter().map(own).collect();
    for index in (1..blocks.len()).rev() {
        if matches!(blocks[index - 1], Block::Heading { .. } | Block::PageBreak) {
            sheets[index - 1] = sheets[index];
        }
    }
    sheets
}
