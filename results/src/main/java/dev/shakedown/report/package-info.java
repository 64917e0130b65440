/** Reports for people, made from what {@code dev.shakedown.results} holds. */
package dev.shakedown.report;
