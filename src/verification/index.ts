export { PERSON_CODE_LABEL, personCode, SHORT_GROUPS, type PersonCode } from './person-code.ts';
export {
  SAFETY_CODE_LABEL,
  safetyCode,
  safetyCodeText,
  type SafetyCode,
  type SafetyCodeInput,
} from './safety-code.ts';
