/** Results of a run: samples, their counts and histograms, and the files that keep them. */
@NullMarked
package dev.shakedown.results;

import org.jspecify.annotations.NullMarked;
