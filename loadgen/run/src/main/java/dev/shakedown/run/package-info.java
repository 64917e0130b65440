/** Runs loads and experiments, from a plan to a result. Programs can use it without the command line. */
@NullMarked
package dev.shakedown.run;

import org.jspecify.annotations.NullMarked;
