use vaultls::{text::Text, vault::*};
fn main() {
    for p in std::env::args().skip(1) {
        let Ok(t) = std::fs::read_to_string(&p) else { continue };
        let d = Document::new(0, Text::new(&t));
        let r = std::panic::catch_unwind(|| {
            let mut n = Names::default();
            let f = d.facts(&mut n);
            f.iter().count()
        });
        if r.is_err() {
            println!("FAIL {p}");
            let mut n = Names::default();
            let f = d.facts(&mut n);
            let mut i = f.iter();
            loop {
                let r = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| i.next().map(|x| format!("{x:?}"))));
                match r {
                    Ok(Some(s)) => println!("{s}"),
                    _ => break,
                }
            }
            return;
        }
    }
}
