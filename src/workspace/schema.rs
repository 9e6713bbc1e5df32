//! JSON Schemas of the workspace's YAML files, for editors that complete and check while one types: the table of
//! `shapes` in other words. A schema never refuses what the check accepts; what follows from several values together,
//! and what is inside formulas, is for the check alone.
//!
//! Draft 7, the newest one that editors' YAML servers all understand.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::catalog::format_of;
use super::files::{SETTINGS_FILE, WorkspaceFiles, read_what_can_be};
use super::names::Names;
use super::shape::{Alone, Choice, Field, Ids, Kind, Pick, Presence, Shape};
use super::shapes::{FILE_FORMATS, FileFormat};
use super::yaml::{Entry, Node};
use super::{schema_value, values, yaml};
use crate::locale::Language;
use crate::time::Bucket;

/// Where a workspace keeps its schemas; the files' first lines name them there.
pub const SCHEMA_FOLDER: &str = ".callbrief/schema";

/// One schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaFile {
    /// Its name, such as `kpis.schema.json`.
    pub name: String,
    /// The JSON.
    pub text: String,
}

/// The names of a workspace that an editor can complete.
#[derive(Debug, Default)]
pub struct KnownNames {
    names: Names,
    /// Columns of type text.
    dimensions: BTreeSet<String>,
}

impl KnownNames {
    /// The names in the files of this folder, as far as they can be read; mistakes in them do not matter here.
    pub fn in_folder(root: &Path) -> Self {
        Self::of(&read_what_can_be(root).files)
    }

    /// The names in these files.
    pub fn of(files: &WorkspaceFiles) -> Self {
        let mut known = Self { names: Names::of_templates(files), dimensions: BTreeSet::new() };
        for file in files.files.values() {
            let Some(format) = format_of(&file.path) else { continue };
            let Ok(Some(node)) = yaml::parse(file) else { continue };
            known.names.add(&node, &format.kind, &mut Vec::new());
            known.dimensions.extend(text_columns(&node));
        }
        known
    }
}

/// The columns of type text, if this is a dataset.
fn text_columns(node: &Node) -> impl Iterator<Item = String> {
    let columns = node.get("columns").map_or(&[][..], Node::entries).iter();
    let is_text = |entry: &&Entry| {
        let kind = entry.value.get("type").unwrap_or(&entry.value);
        values::text(kind).is_some_and(|kind| kind.value == "text")
    };
    columns.filter(is_text).map(|column| column.key.value.clone())
}

/// A schema for each kind of file. Names that are known are offered, others are not refused: they may be younger than
/// the schema.
pub fn schemas(known: &KnownNames) -> Vec<SchemaFile> {
    FILE_FORMATS.iter().map(|format| file(format, known)).collect()
}

fn file(format: &FileFormat, known: &KnownNames) -> SchemaFile {
    let writer = Writer { known, has_variables: format.place == SETTINGS_FILE };
    let mut schema = Map::new();
    schema.insert("$schema".into(), json!("http://json-schema.org/draft-07/schema#"));
    schema.insert("title".into(), json!(format!("callbrief: {}", format.noun)));
    schema.extend(writer.value(&format.kind));
    // Settings must say something; a file of rules may have everything commented out.
    if format.place != SETTINGS_FILE {
        schema.insert("type".into(), json!(["object", "null"]));
    }
    if schema_value::names_a_zone(&schema) {
        schema.insert("definitions".into(), json!({ "zone": schema_value::zone() }));
    }
    // A JSON value with texts as keys can always be written.
    let text = serde_json::to_string_pretty(&Value::Object(schema)).unwrap_or_default();
    let place = format.place.trim_end_matches('/').trim_end_matches(".yaml");
    let name = place.rsplit('/').next().unwrap_or(place);
    SchemaFile { name: format!("{name}.schema.json"), text: text + "\n" }
}

struct Writer<'a> {
    known: &'a KnownNames,
    /// Whether `${VARIABLE}` may stand for a value.
    has_variables: bool,
}

type Schema = Map<String, Value>;

impl Writer<'_> {
    fn value(&self, kind: &Kind) -> Schema {
        match kind {
            Kind::Object(shape) => self.object(shape),
            Kind::ShortOr(short, shape) => any_of([self.value(short), self.object(shape)]),
            Kind::Entries { ids, value } => self.entries(*ids, value),
            Kind::List(least, item) => schema(json!({
                "type": "array", "items": self.value(item), "minItems": least,
            })),
            Kind::OneOrMore(item) => {
                let several = json!({ "type": "array", "items": self.value(item), "minItems": 1 });
                any_of([self.value(item), schema(several)])
            }
            Kind::Localized => localized(),
            Kind::Name(target) => offered(self.known.names.all(*target), target.noun()),
            Kind::Grouping => {
                let buckets = Bucket::ALL.map(Bucket::name);
                let names = self.known.dimensions.iter().map(String::as_str);
                offered(names.chain(buckets.iter().map(|name| &**name)), "dimension or time bucket")
            }
            Kind::Id(target) => schema_value::id(Ids::Of(*target)),
            Kind::Rows(alone) => rows(*alone),
            single if self.has_variables => schema_value::or_variable(schema_value::single(single)),
            single => schema_value::single(single),
        }
    }

    fn object(&self, shape: &Shape) -> Schema {
        let properties: Schema =
            shape.fields.iter().map(|field| (field.name.to_owned(), Value::Object(self.field(field)))).collect();
        let required: Vec<&str> =
            shape.fields.iter().filter(|field| field.presence == Presence::Required).map(|field| field.name).collect();
        let mut object = schema(json!({
            "description": shape.noun, "type": "object", "properties": properties, "additionalProperties": false,
        }));
        if !required.is_empty() {
            object.insert("required".into(), json!(required));
        }
        if !shape.choices.is_empty() {
            object.insert("allOf".into(), shape.choices.iter().map(choice).collect());
        }
        object
    }

    fn field(&self, field: &Field) -> Schema {
        let mut described = Schema::new();
        described.insert("description".into(), json!(field.doc));
        let mut value = self.value(&field.kind);
        value.remove("description");
        // Draft 7 reads nothing beside a `$ref`.
        if value.contains_key("$ref") {
            described.insert("allOf".into(), json!([value]));
        } else {
            described.extend(value);
        }
        described
    }

    /// Ids with values; all of them may be commented out.
    fn entries(&self, ids: Ids, value: &Kind) -> Schema {
        schema(json!({
            "description": format!("each {} under its id", ids.noun()),
            "type": ["object", "null"],
            "propertyNames": match ids {
                Ids::Known(target) => offered(self.known.names.all(target), target.noun()),
                other => schema_value::id(other),
            },
            "additionalProperties": self.value(value),
        }))
    }
}

fn localized() -> Schema {
    let text = || schema_value::single(&Kind::Text);
    let languages: Schema =
        Language::ALL.into_iter().map(|language| (language.code().to_owned(), Value::Object(text()))).collect();
    any_of([
        text(),
        schema(json!({
            "type": "object", "properties": languages, "additionalProperties": false, "minProperties": 1,
        })),
    ])
}

/// Rows with whatever columns: a list of maps, a table drawn as text, or a single map.
fn rows(alone: Alone) -> Schema {
    let row = schema(json!({ "type": "object", "minProperties": 1 }));
    let several = any_of([schema_value::single(&Kind::Text), schema(json!({ "type": "array", "items": row }))]);
    if alone == Alone::Allowed { any_of([several, row]) } else { several }
}

fn choice(choice: &Choice) -> Value {
    let each = || choice.keys.iter().map(|key| json!({ "required": [key] })).collect::<Vec<Value>>();
    match choice.pick {
        Pick::One => json!({ "oneOf": each() }),
        Pick::AtMostOne => json!({ "not": { "required": choice.keys } }),
        Pick::AtLeastOne => json!({ "anyOf": each() }),
    }
}

/// A name: the known ones are offered.
fn offered<'a>(names: impl Iterator<Item = &'a str>, noun: &str) -> Schema {
    let names: Vec<&str> = names.collect();
    let any = schema_value::single(&Kind::Text);
    if names.is_empty() {
        return any;
    }
    any_of([schema(json!({ "title": noun, "enum": names })), any])
}

fn any_of(schemas: [Schema; 2]) -> Schema {
    schema(json!({ "anyOf": schemas }))
}

/// The inside of a JSON object.
fn schema(value: Value) -> Schema {
    match value {
        Value::Object(map) => map,
        _ => Schema::new(),
    }
}
