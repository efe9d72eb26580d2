//! An outline as text: one item a line, `kind start..end "source"`, then its parts.

use std::fmt::Write;
use vaultls::syntax::front_matter::FrontMatter;
use vaultls::syntax::*;
use vaultls::text::Span;

/// Draws all that `outline` found in `text`.
pub fn draw(text: &str, outline: &Outline) -> String {
    let mut drawing = Drawing { text, lines: String::new() };
    drawing.all(outline);
    drawing.lines
}

struct Drawing<'t> {
    text: &'t str,
    lines: String,
}

impl Drawing<'_> {
    fn all(&mut self, outline: &Outline) {
        outline.front_matter.iter().for_each(|front_matter| self.front_matter(front_matter));
        if let Some(medium) = &outline.medium {
            self.line(format!("medium {medium}"));
        }
        outline.headings.iter().for_each(|heading| self.heading(heading));
        outline.links.iter().for_each(|link| self.link(link));
        outline.definitions.iter().for_each(|definition| self.definition(definition));
        outline.undefined.iter().for_each(|&label| self.span("undefined", label));
        for footnote in &outline.footnotes {
            let kind = if footnote.definition { "footnote definition" } else { "footnote" };
            self.line(format!("{kind} {} key {:?}", self.show(footnote.span), footnote.key));
        }
        for tag in &outline.tags {
            let from = if tag.front_matter { " front matter" } else { "" };
            self.line(format!("tag{from} {} name {}", self.show(tag.span), self.show(tag.name)));
        }
        for block in &outline.blocks {
            self.line(format!("block {} names {}", self.show(block.span), self.show(block.block)));
        }
        outline.timestamps.iter().for_each(|timestamp| self.timestamp(timestamp));
        for callout in &outline.callouts {
            let (kind, title) = (self.show(callout.kind), self.show(callout.title));
            self.line(format!("callout {} kind {kind} title {title}", self.show(callout.span)));
        }
        for element in &outline.elements {
            self.line(format!("element {} id {}", self.show(element.span), self.show(element.id)));
        }
        for suppression in &outline.suppressions {
            let reach = if suppression.next_line { "next line" } else { "note" };
            self.line(format!("suppression {} {reach} {:?}", self.show(suppression.span), suppression.codes));
        }
        outline.paragraphs.iter().for_each(|&paragraph| self.span("paragraph", paragraph));
        outline.verbatim.iter().for_each(|&verbatim| self.span("verbatim", verbatim));
        outline.comments.iter().for_each(|&comment| self.span("comment", comment));
    }

    fn front_matter(&mut self, front_matter: &FrontMatter) {
        self.span("front matter", front_matter.span);
    }

    fn heading(&mut self, heading: &Heading) {
        let Heading { span, source, text, level } = heading;
        self.line(format!("heading {level} {} source {} text {text:?}", self.show(*span), self.show(*source)));
    }

    fn link(&mut self, link: &Link) {
        let mut line = format!("link {:?}", link.kind).to_lowercase();
        let marks = [(link.embed, "embed"), (link.spaced, "spaced"), (link.bracketed, "bracketed")];
        for (_, mark) in marks.into_iter().filter(|(is, _)| *is) {
            let _ = write!(line, " {mark}");
        }
        if link.context != Context::Text {
            let _ = write!(line, " in {:?}", link.context);
        }
        let _ = write!(line, " {} name {}", self.show(link.span), self.show(link.name));
        for (part, span) in [("anchor", link.anchor), ("label", link.label)] {
            if let Some(span) = span {
                let _ = write!(line, " {part} {}", self.show(span));
            }
        }
        let _ = write!(line, " -> {}", target(&link.target));
        self.line(line);
    }

    fn definition(&mut self, definition: &Definition) {
        let mut line = format!("definition {} name {}", self.show(definition.span), self.show(definition.name));
        if let Some(anchor) = definition.anchor {
            let _ = write!(line, " anchor {}", self.show(anchor));
        }
        let _ = write!(line, " key {:?} -> {}", definition.key, target(&definition.target));
        if definition.for_wikilinks {
            line.push_str(" for wikilinks");
        }
        self.line(line);
    }

    fn timestamp(&mut self, timestamp: &Timestamp) {
        let mut line = format!("timestamp {:?}", timestamp.form).to_lowercase();
        let _ = write!(line, " {} of {:?} {:?}", self.show(timestamp.span), timestamp.medium, timestamp.time);
        for (part, span) in [("value", timestamp.value), ("label", timestamp.label)] {
            if let Some(span) = span {
                let _ = write!(line, " {part} {}", self.show(span));
            }
        }
        if let Some(time) = timestamp.label_time {
            let _ = write!(line, " says {time}");
        }
        self.line(line);
    }

    fn span(&mut self, kind: &str, span: Span) {
        self.line(format!("{kind} {}", self.show(span)));
    }

    fn show(&self, span: Span) -> String {
        format!("{span:?} {:?}", span.of(self.text))
    }

    fn line(&mut self, line: String) {
        self.lines.push_str(&line);
        self.lines.push('\n');
    }
}

fn target(target: &Target) -> String {
    let with = |kind: &str, name: &str, anchor: &Option<String>| match anchor {
        Some(anchor) => format!("{kind} {name:?} # {anchor:?}"),
        None => format!("{kind} {name:?}"),
    };
    match target {
        Target::Name { name, anchor } => with("name", name, anchor),
        Target::Path { path, anchor } => with("path", path, anchor),
        Target::External(address) => format!("external {address:?}"),
    }
}
