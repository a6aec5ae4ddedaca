"""The names of the files and folders in an experiment's folder.

An experiment's folder, such as `runs/frozen-vs-finetuned/`, holds:

    experiment.json     everything that the trials depend on
    trials/NAME/        one run folder per trial; with folds, what is held out as the tagger tags it lies there, too
    trials/.NAME.work/  where a trial trains, or what is left of one that was interrupted
    shared/             vectors that all trials map, present only while trials run
    results.json        the answer
    results.csv         one line per trial
    report.html         the page (`report/experiment_report.py`), with the report extra
"""

EXPERIMENT_NAME = "experiment.json"
TRIALS_NAME = "trials"
SHARED_NAME = "shared"
RESULTS_JSON = "results.json"
RESULTS_CSV = "results.csv"
