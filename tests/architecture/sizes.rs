//! Rule 5, form: sizes of files and functions, first lines, attributes.

use crate::sources::{Finding, Source, demand, everything};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// Lines of a file.
const FILE: usize = 500;
/// Made by a machine, and read by none but one.
const MADE: &str = "src/db/schema.rs";
/// Lines of a function's body, without blank ones and comments.
const FUNCTION: usize = 60;

fn long_files(sources: &[Source]) -> Vec<Finding> {
    sources
        .iter()
        .filter(|source| source.path != MADE)
        .map(|source| (source, source.text.lines().count()))
        .filter(|(_, lines)| *lines > FILE)
        .map(|(source, lines)| source.finding(lines, format!("{lines} lines, more than {FILE}")))
        .collect()
}

struct Functions<'a> {
    source: &'a Source,
    findings: Vec<Finding>,
}

impl Functions<'_> {
    fn look(&mut self, name: &syn::Ident, attributes: &[syn::Attribute], block: &syn::Block) {
        let (from, to) =
            (block.brace_token.span.open().start().line, block.brace_token.span.close().start().line);
        let lines = self.lines(from, to);
        if lines > FUNCTION && !attributes.iter().any(expects_lines) {
            let text = format!("`{name}` has {lines} lines, more than {FUNCTION}");
            self.findings.push(self.source.finding(name.span().start().line, text));
        }
    }

    /// Lines between two others that hold code.
    fn lines(&self, from: usize, to: usize) -> usize {
        let inside = self.source.tokens.iter().filter(|token| token.line > from && token.last_line < to);
        let lines: std::collections::BTreeSet<usize> =
            inside.flat_map(|token| token.line..=token.last_line).collect();
        lines.len()
    }
}

fn expects_lines(attribute: &syn::Attribute) -> bool {
    let text = attribute.meta.to_token_string();
    attribute.path().is_ident("expect") && text.contains("too_many_lines") && text.contains("reason")
}

/// The text of an attribute.
trait TokenString {
    fn to_token_string(&self) -> String;
}

impl TokenString for syn::Meta {
    fn to_token_string(&self) -> String {
        match self {
            Self::List(list) => list.tokens.to_string(),
            Self::Path(_) | Self::NameValue(_) => String::new(),
        }
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.look(&function.sig.ident, &function.attrs, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.look(&function.sig.ident, &function.attrs, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.look(&function.sig.ident, &function.attrs, block);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

fn long_functions(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        let mut functions = Functions { source, findings: Vec::new() };
        functions.visit_file(&source.syntax());
        findings.append(&mut functions.findings);
    }
    findings
}

fn without_doc(sources: &[Source]) -> Vec<Finding> {
    let bare = sources.iter().filter(|source| !source.text.starts_with("//! "));
    bare.map(|source| source.finding(1, "does not begin with `//!`")).collect()
}

/// `#[allow]` and `#[expect]` without a reason.
#[derive(Default)]
struct Attributes(Vec<(usize, String)>);

impl<'ast> Visit<'ast> for Attributes {
    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        let name = attribute.path().get_ident().map(ToString::to_string).unwrap_or_default();
        if matches!(name.as_str(), "allow" | "expect")
            && !attribute.meta.to_token_string().contains("reason =")
        {
            self.0.push((attribute.span().start().line, format!("`#[{name}(…)]` without a reason")));
        }
    }
}

fn without_reason(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        let mut attributes = Attributes::default();
        attributes.visit_file(&source.syntax());
        findings.extend(attributes.0.into_iter().map(|(line, text)| source.finding(line, text)));
    }
    findings
}

#[test]
fn files_are_short() {
    demand("a file has at most 500 lines", "it is read in one go", long_files(&everything()));
}

#[test]
fn functions_are_short() {
    demand(
        "a function's body has at most 60 lines of code, unless `#[expect(clippy::too_many_lines, reason = …)]`",
        "it is understood at a glance",
        long_functions(&everything()),
    );
}

#[test]
fn files_say_what_they_are() {
    demand(
        "a file begins with `//!`",
        "a reader learns first what a file is for",
        without_doc(&everything()),
    );
}

#[test]
fn exceptions_have_reasons() {
    demand(
        "`#[allow]` and `#[expect]` say their reason",
        "an exception that nobody can judge stays for ever",
        without_reason(&everything()),
    );
}

#[test]
fn bad_forms_are_found() {
    let one = |text: &str| [Source::of("src/a.rs", text)];
    assert_eq!(long_files(&one(&"\n".repeat(501))).len(), 1);
    assert_eq!(long_files(&one(&"\n".repeat(500))), []);
    for head in ["fn f()", "impl X { fn f()", "trait T { fn f()"] {
        let tail = if head.contains('{') { "} }" } else { "}" };
        let lines = |n: usize| format!("{head} {{\n// no code\n\n{}{tail}", "f();\n".repeat(n));
        assert_eq!(long_functions(&one(&lines(61))).len(), 1, "{head}");
        assert_eq!(long_functions(&one(&lines(60))), [], "{head}");
    }
    let text =
        format!("#[expect(clippy::too_many_lines, reason = \"r\")]\nfn f() {{\n{}}}", "f();\n".repeat(61));
    assert_eq!(long_functions(&one(&text)), []);
    assert_eq!(without_doc(&one("use a::b;")).len(), 1);
    assert_eq!(without_reason(&one("#[allow(dead_code)] fn f() { #[expect(x)] let y = 1; }")).len(), 2);
    assert_eq!(without_reason(&one("#![allow(dead_code, reason = \"r\")]")), []);
}
