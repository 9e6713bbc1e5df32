//! What the marks on the pages mean: headings, paragraphs, tables with their cells, figures with what they say. Layout
//! fills it while it makes marks; `tags` writes it into the file, for screen readers and for those who copy a table.

/// An element of the structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ElementId(u32);

/// What an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A heading of level 1 to 6; the title is the only one of level 1.
    Heading(u8),
    Paragraph,
    List,
    Item,
    Label,
    Body,
    Table,
    Caption,
    Row,
    /// A column's heading.
    Header,
    Cell,
    /// A chart, a small line or a logo.
    Figure,
    Link,
}

/// An element and where it belongs.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Element {
    pub(super) kind: Kind,
    /// The element it is part of; none for those directly in the document.
    pub(super) parent: Option<ElementId>,
    /// What it says to those who cannot see it.
    pub(super) alternative: Option<String>,
}

/// The elements in reading order.
#[derive(Clone, Debug, Default)]
pub(super) struct Structure {
    elements: Vec<Element>,
}

impl Structure {
    /// Adds an element after all others of its parent.
    pub(super) fn add(&mut self, kind: Kind, parent: Option<ElementId>) -> ElementId {
        self.push(Element { kind, parent, alternative: None })
    }

    /// Adds a figure with what it says.
    pub(super) fn figure(&mut self, alternative: &str, parent: Option<ElementId>) -> ElementId {
        self.push(Element { kind: Kind::Figure, parent, alternative: Some(alternative.to_owned()) })
    }

    /// Every element with its id; parents stand before their children.
    pub(super) fn iter(&self) -> impl Iterator<Item = (ElementId, &Element)> {
        (0..).map(ElementId).zip(&self.elements)
    }

    /// The element of this id.
    pub(super) fn get(&self, id: ElementId) -> Option<&Element> {
        self.elements.get(id.0 as usize)
    }

    fn push(&mut self, element: Element) -> ElementId {
        // A document of four thousand million cells fits into no memory.
        let id = ElementId(u32::try_from(self.elements.len()).unwrap_or(u32::MAX));
        self.elements.push(element);
        id
    }
}
