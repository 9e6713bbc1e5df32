//! Placed marks into a PDF file: pages, embedded fonts, logo, outline, metadata. The same pages give the same bytes:
//! names, dates and the file's identifier come from the document alone.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Object, SaveOptions, StringFormat};
use printpdf::{FontId, PdfDocument, PdfPage, PdfSaveOptions, Pt};
use sha2::{Digest, Sha256};

use super::flow::Page;
use super::fonts;
use super::mark::Mark;
use super::pen::{self, Drawn};
use super::structure::Structure;
use super::{PdfError, encryption, logo, metadata, outline, tags};
use crate::report::document::Document;
use crate::report::theme::Theme;
use crate::report::typeface::Style;
use crate::workspace::PdfDefinition;

/// Everything that goes into a file.
pub(super) struct Content<'a> {
    pub(super) document: &'a Document,
    pub(super) theme: &'a Theme,
    pub(super) definition: &'a PdfDefinition,
    pub(super) pages: Vec<Page>,
    pub(super) structure: Structure,
}

/// The pages as a PDF file.
pub(super) fn write(content: &Content<'_>) -> Result<Vec<u8>, PdfError> {
    let Content { document, pages, structure, .. } = content;
    let mut pdf = PdfDocument::new(&document.title);
    metadata::fill(&mut pdf.metadata.info, document);
    for (style, used) in characters(pages) {
        let font = fonts::embedded(content.theme.typeface.face(style), &used)?;
        pdf.resources.fonts.map.insert(FontId(style.name().to_owned()), font);
    }
    let drawn: Vec<Drawn> = pages.iter().map(|page| pen::draw(page, structure)).collect();
    let contents: Vec<tags::PageContent> = drawn
        .into_iter()
        .zip(pages)
        .map(|(drawn, page)| {
            let [width, height] = [page.sheet.width, page.sheet.height].map(|side| Pt(side as f32).into());
            pdf.pages.push(PdfPage::new(width, height, drawn.ops));
            drawn.content
        })
        .collect();

    let mut file = pdf.to_lopdf_document(&PdfSaveOptions::default(), &mut Vec::new());
    "1.7".clone_into(&mut file.version);
    outline::add(&mut file, pages)?;
    tags::add(&mut file, structure, &contents)?;
    if let Some(picture) = &content.theme.logo {
        logo::add(&mut file, picture)?;
    }
    metadata::add(&mut file, document)?;
    let catalog = file.catalog_mut().map_err(PdfError::write)?;
    catalog.set("Lang", text_string(document.language.code()));
    catalog.set("ViewerPreferences", Dictionary::from_iter([("DisplayDocTitle", Object::Boolean(true))]));
    file.compress();
    let digest = digest(&file);
    let identifier = Object::String(digest[..16].to_vec(), StringFormat::Hexadecimal);
    file.trailer.set("ID", vec![identifier.clone(), identifier]);

    let mut bytes = Vec::new();
    let saved = match &content.definition.password {
        // Objects packed into streams would have to be encrypted as a whole, which lopdf's writer leaves no room for.
        Some(password) => {
            encryption::protect(&mut file, password, &digest)?;
            file.save_to(&mut bytes)
        }
        None => {
            let options = SaveOptions::builder().use_object_streams(true).use_xref_streams(true);
            file.save_with_options(&mut bytes, options.max_objects_per_stream(500).compression_level(6).build())
        }
    };
    saved.map_err(|error| PdfError::Write(error.to_string()))?;
    Ok(bytes)
}

/// A text in PDF's own encoding for titles.
pub(super) fn text_string(text: &str) -> Object {
    let bytes = [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    Object::String(bytes, StringFormat::Hexadecimal)
}

/// SHA-256 over what is in the file.
fn digest(file: &lopdf::Document) -> [u8; 32] {
    let mut hash = Sha256::new();
    for object in file.objects.values() {
        match object {
            Object::Stream(stream) => hash.update(&stream.content),
            other => hash.update(format!("{other:?}")),
        }
    }
    hash.finalize().into()
}

/// The characters the face of each style draws.
fn characters(pages: &[Page]) -> BTreeMap<Style, BTreeSet<char>> {
    let mut used: BTreeMap<Style, BTreeSet<char>> = BTreeMap::new();
    for mark in pages.iter().flat_map(|page| &page.marks) {
        if let Mark::Text(text) = mark {
            used.entry(text.face.style()).or_default().extend(text.text.chars());
        }
    }
    used
}
