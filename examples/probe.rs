use vaultls::{config::Config, features::*, vault::*};
fn main() {
    let root = std::path::PathBuf::from(std::env::args().nth(1).unwrap()).canonicalize().unwrap();
    let t = std::time::Instant::now();
    let v = Vault::open(&root, Config::default());
    v.wait_until_loaded(&|| false);
    println!("loaded {:?} {:?}", t.elapsed(), v.progress());
    let s = v.snapshot();
    println!("is_vault {} notes {} notices {:?}", s.is_vault(), s.notes().count(), v.take_notices());
    let n = s.file("bonus_professor/chinas_geopolitical_stance_and_its_impact_on_russia.md").unwrap();
    let d = s.document(n).unwrap();
    println!(
        "links {} stamps {} facts {}B",
        d.outline.links.len(),
        d.outline.timestamps.len(),
        s.entry(n).facts.size()
    );
    for l in &d.outline.links {
        let r = definition::definition(&s, n, l.name.start as usize + 1);
        if r.is_none() {
            println!("BROKEN {}", d.of(l.span));
        }
    }
    let refs = references::references(&s, n, 5, false);
    println!("refs {}", refs.len());
    for r in &refs {
        println!("  {} {:?}", s.path(r.file), r.place.start);
    }
    let mut total = 0;
    let mut broken = 0;
    let mut by = std::collections::BTreeMap::new();
    let mut size = 0;
    for n in s.notes() {
        size += s.entry(n).facts.size();
        for (_, m) in s.entry(n).facts.mentions() {
            if m.dialect == Dialect::External {
                continue;
            }
            total += 1;
            match s.resolve_mention(n, m) {
                None => broken += 1,
                Some(r) => {
                    *by.entry(format!("{:?}{}", r.by, if r.others.is_empty() { "" } else { " amb" })).or_insert(0) += 1
                }
            }
        }
    }
    println!("mentions {total} broken {broken} {by:?} facts {size}B  {:?}", t.elapsed());
}
