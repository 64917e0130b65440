/** From a plan to a result: who may be loaded, what is done, and what came of it. No command line is needed. */
@NullMarked
package dev.shakedown.run;

import org.jspecify.annotations.NullMarked;
