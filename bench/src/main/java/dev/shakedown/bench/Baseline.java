package dev.shakedown.bench;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the baseline: a benchmark of the same class that does only the work of the primitives. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Baseline {
    String value();
}
