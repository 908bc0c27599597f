/** The public page. */
export function trackingPage(): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ferry: where is my parcel?</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; color: #12263a; background: #eef4f7; }
  header { background: #0b4f6c; color: #fff; padding: 1rem 2rem; }
  main { max-width: 32rem; margin: 3rem auto; padding: 2rem; background: #fff; border-radius: .5rem; }
  input, button { font: inherit; padding: .5rem .75rem; }
</style>
<header><strong>Ferry</strong>, parcels across the water</header>
<main>
  <h1>Where is my parcel?</h1>
  <form action="/"><input name="number" aria-label="Shipment number" placeholder="FY-0000-0000"> <button>Track</button></form>
  <p>Customers sign in at <code>POST /api/sign-in</code>; the back office is at <code>/api/admin</code>.</p>
</main>
</html>
`;
}
