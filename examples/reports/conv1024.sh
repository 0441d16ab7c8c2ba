#!/usr/bin/env bash
# Large colour images, one convolution, on one to eight workers: strong and weak scaling, and the memory of each worker.
set -euo pipefail

# Results stay where they are made: no worker has more than its share, and none gathers.
daskcnn graph conv1024 --chunks batch --images 80 --workers 8 --ask communication,memory,advice
daskcnn sweep conv1024 --scaling strong --chunks batch --images 80 --workers 1,2,4,8
daskcnn sweep conv1024 --scaling weak --chunks batch --images 10 --workers 1,2,4,8

# Other ways to cut that the report names as open, and results written by their workers in place of gathered.
daskcnn sweep conv1024 --chunks channel=3,spatial=2x2,height=4 --workers 4 --images 40
daskcnn run conv1024 --chunks batch --workers 8 --images 80 --output conv1024.zarr

# The same on a cluster: eight nodes of one worker each.
daskcnn sbatch --nodes 8 --tasks-per-node 1 --time 00:30:00 -- sweep conv1024 --scaling strong --chunks batch --images 80
