/**
 * The phone face: the FastAGI server, a script per service code, digit reading and prompts. It uses {@code conference} and
 * asterisk-java; {@code cli} uses it, {@code ami} does not know it.
 */
package confcodes.agi;
