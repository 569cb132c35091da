/** Where the desk door is unless told otherwise: ingress listens there, and notices link there. */
export const DESK_DOOR_PORT = 8180;
export const DESK_DOOR_URL = `http://127.0.0.1:${DESK_DOOR_PORT}`;
