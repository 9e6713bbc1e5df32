//! A workspace: the files users own, read into a checked [`Catalog`]. Everything that is known without looking into a
//! formula, a template's text or a database is checked here; the rooms below check the rest of their own part.

mod catalog;
mod check;
pub mod definition;
pub mod embedded;
mod environment;
mod expected_values;
mod faulty_kpis;
mod files;
mod fixture_values;
mod ids;
mod names;
mod placeholders;
mod read_alerts;
mod read_datasets;
mod read_expectations;
mod read_fixtures;
mod read_kpis;
mod read_parameters;
mod read_pdf;
mod read_recipients;
mod read_reports;
mod read_rows;
mod read_service;
mod read_settings;
mod read_tests;
mod read_theme;
mod read_webhooks;
mod recipient_relations;
mod relations;
pub mod scalar_origin;
pub mod schema;
mod schema_value;
mod secret_file;
pub mod shape;
pub mod shapes;
mod shapes_of_alerts;
mod shapes_of_service;
mod shapes_of_tests;
mod values;
mod wording;
pub mod yaml;
mod yaml_mistake;

pub use catalog::{Loaded, ParameterValues, load, load_files, load_with};
pub use definition::*;
pub use files::{FOLDERS, SETTINGS_FILE, THEME_FILE, WorkspaceFiles, is_leftover, read_folder};
