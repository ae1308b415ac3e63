// Turkish.
export default {};
