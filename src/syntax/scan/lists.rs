//! A list of a text, as CommonMark sees it: which lines are an item's, and what stands in it. Knows one text; asked for
//! when a list is to be written anew, for an outline holds none.

use super::structure::{self, Block, BlockKind};
use crate::syntax::front_matter;
use crate::text::Span;

/// A list, and what is needed to say whether a text holds the same one.
#[derive(Debug, PartialEq)]
pub struct List {
    pub items: Vec<ListItem>,
    /// How many blocks of the text are not in it.
    others: usize,
}

#[derive(Debug, PartialEq)]
pub struct ListItem {
    /// From its mark to the end of its last line.
    pub span: Span,
    pub content: ItemContent,
}

/// The blocks of an item: how deep each stands, what it is, and its words where it holds no other.
#[derive(Debug, PartialEq)]
pub struct ItemContent(Vec<(usize, BlockKind, String)>);

impl List {
    /// Whether it has the same items as `other`, except for their order, and all around it is the same.
    pub fn has_items_of(&self, other: &List, order: impl ExactSizeIterator<Item = usize>) -> bool {
        let is_same = |(item, i): (&ListItem, usize)| item.content == other.items[i].content;
        self.others == other.others && self.items.len() == order.len() && self.items.iter().zip(order).all(is_same)
    }
}

/// The innermost list with an item that stands on the line of byte `at`.
pub fn list_at(text: &str, at: usize) -> Option<List> {
    let unmarked = text.len() - text.trim_start_matches('\u{feff}').len();
    let body = front_matter::read(text).map_or(unmarked, |front| front.front_matter.span.end as usize);
    let blocks = structure::read(text, body).blocks;
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let line_start = text.as_bytes()[..at].iter().rposition(is_end).map_or(0, |end| end + 1);
    let line_end = text.as_bytes()[at..].iter().position(is_end).map_or(text.len(), |end| at + end);
    let is_here = |block: &&Block| block.span.start as usize <= line_end && block.span.end as usize > line_start;
    let item = blocks.iter().filter(|block| block.kind == BlockKind::Item).rfind(is_here)?;
    let list = item.parent?;
    let items: Vec<ListItem> = blocks
        .iter()
        .enumerate()
        .filter(|(_, block)| block.parent == Some(list))
        .map(|(i, block)| ListItem { span: block.span, content: content(text, &blocks, i) })
        .collect();
    let inside: usize = items.iter().map(|item| item.content.0.len()).sum();
    Some(List { others: blocks.len() - inside, items })
}

/// Of the block at index `item`, behind which its own follow.
fn content(text: &str, blocks: &[Block], item: usize) -> ItemContent {
    let mut depths = vec![0];
    let mut content = Vec::new();
    for (i, block) in blocks.iter().enumerate().skip(item + 1) {
        let Some(parent) = block.parent.filter(|parent| *parent >= item) else { break };
        let depth = depths[parent - item] + 1;
        depths.push(depth);
        let holds_blocks = blocks.get(i + 1).is_some_and(|next| next.parent == Some(i));
        let words = if holds_blocks { "" } else { block.span.of(text) };
        content.push((depth, block.kind, words.split_whitespace().collect::<Vec<_>>().join(" ")));
    }
    ItemContent(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str, at: &str) -> Option<Vec<String>> {
        let list = list_at(text, text.find(at).expect("it is there"))?;
        Some(list.items.iter().map(|item| item.span.of(text).to_owned()).collect())
    }

    #[test]
    fn an_item_ends_where_commonmark_ends_it() {
        let text = "a\n\n- b\nlazy\n  - c\n- d\n\n  e\n\nf\n";
        let outer = vec!["- b\nlazy\n  - c".to_owned(), "- d\n\n  e".to_owned()];
        for at in ["b", "lazy", "d", "e\n\nf"] {
            assert_eq!(items(text, at).as_ref(), Some(&outer), "{at}");
        }
        assert_eq!(items(text, "c"), Some(vec!["- c".to_owned()]));
        assert_eq!(items(text, "f"), None);
    }

    #[test]
    fn a_list_may_begin_a_text_behind_a_byte_order_mark() {
        assert_eq!(items("\u{feff}- a\n- b\n", "a").map(|items| items.len()), Some(2));
    }

    #[test]
    fn a_list_that_another_mark_ends_is_two() {
        assert_eq!(items("- a\n- b\n* c\n", "a").map(|items| items.len()), Some(2));
    }

    #[test]
    fn what_is_no_child_any_longer_makes_another_list() {
        let before = list_at("9. z\n   - sub\n10. y\n", 0).expect("a list");
        let same = list_at("9. y\n10. z\n    - sub\n", 0).expect("a list");
        let other = list_at("9. y\n10. z\n   - sub\n", 0).expect("a list");
        assert!(same.has_items_of(&before, [1, 0].into_iter()));
        assert!(!same.has_items_of(&before, [0, 1].into_iter()));
        assert!(!other.has_items_of(&before, [1, 0].into_iter()));
    }
}
