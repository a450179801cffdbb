/**
 * The shell face: the commands, the settings and where they come from, tables and JSON, the installation in Asterisk and its
 * check, {@code main}. It uses all other packages; none uses it.
 */
package confcodes.cli;
