//! The report made from the files as they are now. Numbers are measured again only when the rules, the period or what the
//! template asks for has changed.

use std::sync::{Arc, OnceLock};

use super::{Measuring, PreviewOptions, data_page};
use crate::diagnostics::{Diagnostic, Severity};
use crate::pipeline::{self, MeasuredReport, Sources, Workspace};
use crate::report::document::Document;
use crate::report::export::email::{self, EmailBody};
use crate::report::theme::Theme;
use crate::report::{self, export};
use crate::workspace::PdfDefinition;

/// Makes the report again and again.
pub(super) struct Maker {
    options: PreviewOptions,
    kept: Option<Kept>,
}

/// Numbers that may still be good.
struct Kept {
    /// The state of the settings and rules they were measured with.
    rules: String,
    report: Arc<MeasuredReport>,
}

/// What came of making it.
pub(super) struct Attempt {
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) measured: Measuring,
    /// The report, or why it could not be made if the mistakes do not say it.
    pub(super) result: Result<Good, Option<String>>,
}

/// A report that could be made, with what each view shows of it.
#[derive(Debug)]
pub(super) struct Good {
    /// The report's id.
    pub(super) report: String,
    /// What its files are called.
    pub(super) base: String,
    /// The mail's subject.
    pub(super) subject: String,
    pub(super) document: Document,
    pub(super) theme: Theme,
    /// How its PDF is made.
    pub(super) pdf: PdfDefinition,
    /// The page, which is what is looked at most.
    pub(super) page: String,
    /// What templates see, as JSON.
    pub(super) context: String,
    /// The measured numbers as a page.
    pub(super) data: String,
    email: OnceLock<EmailBody>,
}

impl Good {
    /// The mail, whose pictures take longer to paint than all the rest; painted when it is looked at.
    pub(super) fn email(&self) -> &EmailBody {
        self.email.get_or_init(|| email::render(&self.document, &self.theme))
    }
}

impl Maker {
    pub(super) fn new(options: PreviewOptions) -> Self {
        Self { options, kept: None }
    }

    /// Makes the report; `rules` names the state of the settings and rules.
    pub(super) async fn make(&mut self, rules: &str) -> Attempt {
        let prepared = pipeline::prepare(&self.options.root, &self.options.environment, self.options.clock.now());
        let mut attempt =
            Attempt { diagnostics: prepared.diagnostics, measured: Measuring::NotNeeded, result: Err(None) };
        if let Some(workspace) = prepared.workspace {
            attempt.result = self.lay_out(&workspace, rules, &mut attempt).await;
        }
        attempt
    }

    async fn lay_out(
        &mut self,
        workspace: &Workspace,
        rules: &str,
        attempt: &mut Attempt,
    ) -> Result<Good, Option<String>> {
        let now = self.options.clock.now();
        let found = pipeline::find_report(workspace, &self.options.report)
            .and_then(|report| Ok((report, pipeline::template(workspace, report)?)));
        let (report, template) = match found {
            Ok(found) => found,
            // The mistakes of the report or its template are among the workspace's.
            Err(_) if has_errors(&attempt.diagnostics) => return Err(None),
            Err(error) => return Err(Some(format!("{error:#}"))),
        };
        let name = self.options.period.as_ref().unwrap_or(&report.period);
        let period = name.at(now, pipeline::zone_of(workspace, report));
        let good_still =
            |kept: &&Kept| kept.rules == rules && kept.report.answers(workspace, report, template, &period);
        let measured = match self.kept.as_ref().filter(good_still) {
            Some(kept) => Arc::clone(&kept.report),
            None => {
                attempt.measured = Measuring::Anew;
                let sources = Sources::connect(&workspace.catalog).await;
                let measured = pipeline::measure_report(workspace, &sources, report, template, &period).await;
                // A database that cannot be reached now may be there at the next change.
                let stays = !sources.is_temporary_failure();
                sources.close().await;
                let measured = Arc::new(measured.map_err(|error| Some(format!("{error:#}")))?);
                self.kept = stays.then(|| Kept { rules: rules.to_owned(), report: Arc::clone(&measured) });
                measured
            }
        };

        let language = self.options.language.unwrap_or_else(|| pipeline::language_of(workspace, report));
        let request = measured.request(workspace, report, template, language, now);
        let made = report::build(&request).and_then(|document| Ok((document, report::subject(&request)?)));
        let (document, subject) = made.map_err(|mistakes| {
            let new: Vec<_> = mistakes.into_iter().filter(|mistake| !attempt.diagnostics.contains(mistake)).collect();
            attempt.diagnostics.extend(new);
            None
        })?;
        Ok(Good {
            report: report.id.value.clone(),
            base: pipeline::file_name(report, &period),
            subject,
            page: export::html::render(&document, &workspace.theme),
            theme: workspace.theme.clone(),
            pdf: report.pdf.clone(),
            context: serde_json::to_string_pretty(&report::context_json(&request)).unwrap_or_default(),
            data: data_page::page(&measured.measurement),
            document,
            email: OnceLock::new(),
        })
    }
}

fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}
