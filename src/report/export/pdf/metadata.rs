//! What a file says about itself: title, author, language, dates; once in PDF's own form and once as XMP, which archives
//! and search engines read.

use chrono::SecondsFormat;
use lopdf::{Dictionary, Object, Stream};
use printpdf::{OffsetDateTime, PdfDocumentInfo};

use super::PdfError;
use crate::report::charts::escape;
use crate::report::document::Document;
use crate::report::export::clean::{MOST_IN_CELL, clean};

/// The program's name in the file.
const PROGRAM: &str = "callbrief";

/// Fills PDF's own form.
pub(super) fn fill(info: &mut PdfDocumentInfo, document: &Document) {
    info.author.clone_from(&document.author);
    info.subject.clone_from(&document.subtitle);
    PROGRAM.clone_into(&mut info.creator);
    PROGRAM.clone_into(&mut info.producer);
    if let Ok(created) = OffsetDateTime::from_unix_timestamp(document.created.timestamp()) {
        info.creation_date = created;
        info.metadata_date = created;
        info.modification_date = created;
    }
}

/// Adds XMP, and takes out what printpdf says beyond the document: a print standard that nobody checked.
pub(super) fn add(file: &mut lopdf::Document, document: &Document) -> Result<(), PdfError> {
    let info = file.trailer.get(b"Info").and_then(Object::as_reference);
    if let Ok(info) = info.and_then(|id| file.get_dictionary_mut(id)) {
        for key in ["GTS_PDFXVersion", "Identifier", "Keywords"] {
            info.remove(key.as_bytes());
        }
    }
    let names = Dictionary::from_iter([("Type", "Metadata".into()), ("Subtype", "XML".into())]);
    // Programs that know no PDF look for it as it is.
    let stream = Stream::new(names, xmp(document).into_bytes()).with_compression(false);
    let id = file.add_object(stream);
    file.catalog_mut().map_err(PdfError::write)?.set("Metadata", id);
    Ok(())
}

fn xmp(document: &Document) -> String {
    let text = |text: &str| escape(&clean(text, MOST_IN_CELL));
    let created = document.created.to_rfc3339_opts(SecondsFormat::Secs, true);
    let (title, author, subject) = (text(&document.title), text(&document.author), text(&document.subtitle));
    let language = document.language.code();
    format!(
        r#"<?xpacket begin="{mark}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{created}</xmp:CreateDate><xmp:ModifyDate>{created}</xmp:ModifyDate><xmp:MetadataDate>{created}</xmp:MetadataDate>
<xmp:CreatorTool>{PROGRAM}</xmp:CreatorTool><pdf:Producer>{PROGRAM}</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"#,
        mark = '\u{feff}',
    )
}
