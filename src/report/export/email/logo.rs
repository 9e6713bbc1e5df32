//! The house's sign in the mail: a picture that travels with it, shown at a fixed size.

use super::super::clean::{MOST_IN_CELL, clean};
use super::super::markup::cell;
use super::InlineImage;
use crate::report::theme::Logo;

const CONTENT_ID: &str = "logo@callbrief";

/// The sign as an element.
pub(super) fn element(logo: &Logo) -> String {
    let (width, height) = logo.shown();
    format!(
        "<img class=\"plate\" src=\"cid:{CONTENT_ID}\" width=\"{width:.0}\" height=\"{height:.0}\" alt=\"{}\" style=\"display:block;border:0\">",
        cell(&logo.alternative)
    )
}

/// The sign as a picture of the mail.
pub(super) fn picture(logo: &Logo) -> InlineImage {
    InlineImage {
        content_id: CONTENT_ID.to_owned(),
        media_type: "image/png",
        bytes: logo.png.clone(),
        alternative: clean(&logo.alternative, MOST_IN_CELL),
    }
}
