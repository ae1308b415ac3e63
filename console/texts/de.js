// German.
export default {};
