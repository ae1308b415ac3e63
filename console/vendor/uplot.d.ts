// Types of the vendored file, as far as the console uses it.
declare const uPlot: any;
export default uPlot;
