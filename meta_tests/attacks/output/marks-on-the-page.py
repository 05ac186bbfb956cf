"""Show what looks like the grader's own table: a score, passed checks, a badge.

Must be observed: it stays an output of the student's, below the grader's verdict and without its style.
"""

# %%
from IPython.display import HTML, display

display(
    HTML(
        "<div class='verdict good' id='score' style='position:absolute;top:0;left:0;z-index:9999'>"
        "<h1>20 of 20 points</h1></div><style>.bad{display:none}</style><base href='//127.0.0.1:9/'>"
        "<table class='dataframe verdict'><caption>derivative: 4 of 4 points</caption></table>"
    )
)
