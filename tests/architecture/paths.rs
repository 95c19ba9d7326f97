//! The paths that a source uses, resolved to where they lead inside the crate: of `use`, of expressions and types, of
//! macros and attributes, through `self`, `super` and what a `use` has named.

use crate::sources::Source;
use crate::tokens::{Kind, Token, stands};
use std::collections::HashMap;

/// A path inside the crate, as `inbox`, `model`, `Message`.
#[derive(Debug, PartialEq, Eq)]
pub struct Used {
    pub segments: Vec<String>,
    pub line: usize,
}

/// A path as it is written, with the module that it stands in.
struct Written {
    segments: Vec<String>,
    /// The name that a `use` gives it.
    name: Option<String>,
    module: Vec<String>,
    line: usize,
}

/// Every path of a source that leads into the crate; tests left out.
pub fn used(source: &Source) -> Vec<Used> {
    let written = written(source);
    let mut names = HashMap::new();
    for path in &written {
        if let (Some(name), Some(target)) = (&path.name, resolve(path, &HashMap::new())) {
            names.insert(name.clone(), target);
        }
    }
    written
        .iter()
        .filter_map(|path| Some(Used { segments: resolve(path, &names)?, line: path.line }))
        .collect()
}

/// Where a path leads; `None`: out of the crate, or to something of the module itself.
fn resolve(path: &Written, names: &HashMap<String, Vec<String>>) -> Option<Vec<String>> {
    let mut base = path.module.clone();
    let mut rest = path.segments.as_slice();
    match rest.first()?.as_str() {
        "crate" => return Some(rest[1..].to_vec()),
        "self" => rest = &rest[1..],
        "super" => {
            while rest.first().is_some_and(|segment| segment == "super") {
                base.pop();
                rest = &rest[1..];
            }
        }
        first => {
            let target = names.get(first).filter(|_| path.name.is_none())?;
            return Some(target.iter().chain(&rest[1..]).cloned().collect());
        }
    }
    base.extend(rest.iter().cloned());
    Some(base)
}

fn written(source: &Source) -> Vec<Written> {
    let tokens: Vec<Token> = if source.test {
        Vec::new()
    } else {
        source.tokens.iter().filter(|token| !token.test).cloned().collect()
    };
    let mut found = Vec::new();
    let mut inline: Vec<(String, usize)> = Vec::new();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            "{" if token.kind == Kind::Sign => depth += 1,
            "}" if token.kind == Kind::Sign => {
                depth -= 1;
                inline.retain(|(_, opened)| *opened <= depth);
            }
            _ => {}
        }
        if token.is("mod") && stands(&tokens, at + 2, &["{"]) {
            inline.push((tokens[at + 1].text.clone(), depth + 1));
        }
        let follows =
            at > 0 && (tokens[at - 1].is(":") && at > 1 && tokens[at - 2].is(":") || tokens[at - 1].is("."));
        if token.kind != Kind::Word || follows {
            at += 1;
            continue;
        }
        let is_use = at > 0 && tokens[at - 1].is("use");
        let module: Vec<String> =
            source.module.iter().cloned().chain(inline.iter().map(|(name, _)| name.clone())).collect();
        let first = found.len();
        let end = tree(&tokens, at, &[], &module, &mut found);
        if !is_use {
            found[first..].iter_mut().for_each(|path| path.name = None);
        }
        at = end.max(at + 1);
    }
    found
}

/// Reads `a::b::{c, d as e}` from `at` on; returns where it ends.
fn tree(tokens: &[Token], at: usize, before: &[String], module: &[String], into: &mut Vec<Written>) -> usize {
    let mut segments = before.to_vec();
    let line = tokens[at].line;
    let mut at = at;
    while let Some(token) = tokens.get(at) {
        if token.is("{") {
            at += 1;
            while tokens.get(at).is_some_and(|token| !token.is("}")) {
                at = if tokens[at].is(",") {
                    at + 1
                } else {
                    tree(tokens, at, &segments, module, into).max(at + 1)
                };
            }
            return at + 1;
        }
        if token.kind != Kind::Word {
            break;
        }
        segments.push(token.text.clone());
        at += 1;
        if !stands(tokens, at, &[":", ":"]) {
            break;
        }
        at += 2;
    }
    let mut name = segments.last().cloned();
    if segments.len() > 1 && name.as_deref() == Some("self") {
        segments.pop();
        name = segments.last().cloned();
    }
    if stands(tokens, at, &["as"]) && tokens.get(at + 1).is_some_and(|token| token.kind == Kind::Word) {
        name = tokens.get(at + 1).map(|token| token.text.clone());
        at += 2;
    }
    if segments.len() > 1 {
        into.push(Written { segments, name, module: module.to_vec(), line });
    }
    at
}

#[test]
fn paths_lead_where_the_compiler_goes() {
    let text = "
        use crate::auth::{self, Actor, store::{user as who}};
        use std::fmt;
        #[utoipa::path(body = crate::page::Page)]
        fn f(x: super::model::Card) { auth::service::go(); vec![crate::ids::new()]; who::find(); self::g(); x.crate_(); }
        mod inner { fn h() { super::g(); super::super::model::x() } }
        #[cfg(test)] mod tests { use crate::router; }
    ";
    let source = Source::of("src/kanban/edit.rs", text);
    let found: Vec<String> = used(&source).iter().map(|path| path.segments.join("::")).collect();
    assert_eq!(
        found,
        [
            "auth",
            "auth::Actor",
            "auth::store::user",
            "page::Page",
            "kanban::model::Card",
            "auth::service::go",
            "ids::new",
            "auth::store::user::find",
            "kanban::edit::g",
            "kanban::edit::g",
            "kanban::model::x",
        ]
    );
}
