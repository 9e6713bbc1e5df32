//! Tells Cargo that the embedded workspace is part of the program: a new rule file must lead to a new build.

fn main() {
    for path in ["callbrief.yaml", "rules", "report-templates"] {
        println!("cargo:rerun-if-changed={path}");
    }
}
