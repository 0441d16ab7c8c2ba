#!/usr/bin/env bash
# MNIST digits cut by images and by layers, on one to eight workers: times, speedups, efficiencies, latency, memory, laws.
set -euo pipefail

daskcnn sweep mnist --scaling strong --chunks batch --workers 1,2,3,4,5,6,7,8
daskcnn sweep mnist --chunks pipeline=5 --workers 5
daskcnn sweep mnist --scaling weak --chunks batch --images 1250 --workers 1,2,3,4,5,6,7,8

# What the report would try next: a hybrid, and many small blocks in place of one each.
daskcnn run mnist --chunks batch=2,channel=2 --workers 4
daskcnn run mnist --chunks batch --workers 4 --batch 250

# Eleven figures, the tables, and findings that say how sure they are.
daskcnn report --where network=mnist --to mnist-report.html
