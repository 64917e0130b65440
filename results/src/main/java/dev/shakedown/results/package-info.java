/** What a run found: samples, their counts and histograms, and the files that keep them. */
package dev.shakedown.results;
