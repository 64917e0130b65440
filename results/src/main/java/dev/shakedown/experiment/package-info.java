/** Experiments of several runs: a server's capacity, and what full and resumed handshakes cost it. */
@NullMarked
package dev.shakedown.experiment;

import org.jspecify.annotations.NullMarked;
