package dev.shakedown.report;

/**
 * Where to read on after a screen.
 *
 * @param page    the page's path
 * @param details the command that prints everything
 */
public record FurtherReading(String page, String details) {}
