/** Where the desk door is unless told otherwise: ingress listens there, and notices link there. */
export const DESK_DOOR_PORT = 8180;
