"""The roll-up (汇总): what the reports of the units below an office add up to, compared with what it filed.

A pure function of the register, the submissions, the decisions and the moment; ``Collection.rollup`` makes it.
"""
