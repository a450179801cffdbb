/** What src/lab/torture runs: scripted callers, hostile peers, load; plain mains without a test library. */
package confcodes.torture;
