/** From a plan to a result: who may be loaded, what is done, and what came of it. No command line is needed. */
package dev.shakedown.run;
