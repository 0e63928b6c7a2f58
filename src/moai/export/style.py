"""The look of the HTML document: phones, paper, light and dark; owns no structure."""

STYLE = """\
:root{color-scheme:light dark;--ground:#fff;--raised:#f5f6f8;--ink:#1b1f24;--soft:#59636e;--line:#d5d9df;\
--link:#0757b5;--h:215}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,\
"Noto Sans",sans-serif;overflow-wrap:anywhere}
main,header,footer,nav{max-width:46rem;margin:0 auto;padding:0 1rem}
header{padding-top:1.5rem}
footer{padding-top:1rem;padding-bottom:2rem;color:var(--soft);font-size:.875rem}
h1{font-size:1.6rem;line-height:1.25;margin:.25em 0 .6em}
h2{font-size:1.4rem;line-height:1.25;margin:3rem 0 .6em}
main header{padding:0}
.part{font-size:1.2rem;line-height:1.3;margin:2.2rem 0 .8rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
.who{font-size:1.05rem;line-height:1.3;margin:0}
.said h4,.said h5,.said h6{font-size:1rem;line-height:1.35;margin:1.1em 0 .4em}
dl.about{display:grid;grid-template-columns:max-content 1fr;gap:.2rem .9rem;margin:0;font-size:.9rem}
dl.about dt{color:var(--soft)}
dl.about dd{margin:0}
article{margin:1rem 0;padding:.8rem .9rem;background:var(--raised);border-radius:.5rem;\
border-inline-start:.28rem solid hsl(var(--h) 55% 50%)}
article.person{border-inline-start-color:var(--soft);background:none;box-shadow:inset 0 0 0 1px var(--line)}
.v1{--h:25}.v2{--h:145}.v3{--h:285}.v4{--h:350}.v5{--h:180}.v6{--h:55}.v7{--h:320}
.took,.stance{margin:.15rem 0 0;font-size:.85rem;color:var(--soft)}
.stance{color:var(--ink)}
.warned{margin:.6rem 0 0;padding:.4rem .6rem;border:1px solid var(--line);border-radius:.35rem;font-size:.9rem;\
font-weight:600}
.warned p{margin:.2rem 0}
.said{margin-top:.6rem;overflow-x:auto}
.said>:first-child,aside>:first-child,.warned>:first-child{margin-top:0}
.said>:last-child,aside>:last-child,.warned>:last-child{margin-bottom:0}
.plain{white-space:pre-wrap;tab-size:4}
blockquote{margin:.6rem 0;padding-inline-start:.8rem;border-inline-start:.2rem solid var(--line);color:var(--soft)}
aside{margin:1rem 0;padding:.6rem .9rem;border:1px dashed var(--line);border-radius:.5rem;font-size:.95rem}
pre{margin:.8rem 0;padding:.6rem .7rem;background:var(--ground);border:1px solid var(--line);border-radius:.35rem;\
overflow-x:auto;overflow-wrap:normal;line-height:1.4}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.875em}
pre code{font-size:1em}
.wide{overflow-x:auto;margin:.8rem 0}
table{border-collapse:collapse;width:max-content;overflow-wrap:normal}
th,td{padding:.3rem .6rem;border:1px solid var(--line);text-align:start;vertical-align:top;max-width:16rem}
a{color:var(--link)}
:focus-visible{outline:.15rem solid var(--link);outline-offset:.1rem}
ul,ol{padding-inline-start:1.4rem}
@media (prefers-color-scheme:dark){:root{--ground:#14171b;--raised:#1d2127;--ink:#e4e7eb;--soft:#a3acb7;\
--line:#3a414b;--link:#7ab7ff}}
@media print{:root{color-scheme:light;--ground:#fff;--raised:#fff;--ink:#000;--soft:#444;--line:#bbb;--link:#000}\
body{font-size:10.5pt}main,header,footer,nav{max-width:none;padding:0}nav{display:none}\
h1,h2,.part,.who,.said h4,.said h5,.said h6{break-after:avoid}pre,.plain{white-space:pre-wrap;overflow-wrap:anywhere}\
.said,.wide,pre{overflow:visible}table{width:auto}tr,pre{break-inside:avoid}\
.said a[href^=http]::after{content:" (" attr(href) ")";font-size:.85em}}
"""
