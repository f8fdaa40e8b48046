//! Files that were read into commands before. The starts of one shell follow each other in one thread, and read the same
//! files: each text is read into commands once a thread.
//!
//! Not here: whether a file has changed, which its bytes tell.

use super::code::{Code, of_node};
use super::syntax::{Node, parse};
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// The text of a file.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) bytes: Vec<u8>,
    pub(super) node: Node,
    code: OnceCell<Rc<Code>>,
}

impl Text {
    /// Its commands as steps.
    pub(super) fn code(&self) -> Rc<Code> {
        Rc::clone(self.code.get_or_init(|| Rc::new(of_node(&self.node))))
    }
}

thread_local! {
    /// By path: what is told of one file must not be taken for another's of the same text.
    static KNOWN: RefCell<HashMap<String, Rc<Text>>> = RefCell::default();
}

/// The text of the file at `path`.
pub(super) fn text(path: &str, bytes: Vec<u8>) -> Rc<Text> {
    KNOWN.with_borrow_mut(|known| {
        if let Some(text) = known.get(path).filter(|text| text.bytes == bytes) {
            return Rc::clone(text);
        }
        let text = Rc::new(Text { node: parse(&bytes), bytes, code: OnceCell::new() });
        known.insert(path.to_owned(), Rc::clone(&text));
        text
    })
}
